import {kindsRead} from "../../operator/plan/reads.ts"
import {CustomResourceDefinition, gatewayAPIDefinition} from "../../profiles/conflicts/stack.ts"
import {dataplanes} from "../../profiles/registry.ts"
import type {Kind} from "../../profiles/snapshot/kinds.ts"
import type {Beyond} from "../input/cluster.ts"
import {pureChecks} from "./catalogue.ts"
import {ownDefinitions} from "./live.ts"

/** What the checks look at beyond a plan; each kind once. */
export function checkedBeyond(): Beyond {
	const planned = new Set(kindsRead(dataplanes).map(({id}) => id))
	const kinds = new Map<string, Kind>()
	for (const kind of pureChecks.flatMap(({reads}) => reads)) {
		if (!planned.has(kind.id) && kind.id !== CustomResourceDefinition.id && kind.group !== "heddle.dev")
			kinds.set(kind.id, kind)
	}
	return {kinds: [...kinds.values()], definitions: [gatewayAPIDefinition, ...ownDefinitions]}
}
