import type {MeshProfile} from "../../crds/generated.ts"
import {clusterFacts} from "../../operator/plan/facts.ts"
import {plan} from "../../operator/plan/plan.ts"
import {CustomResourceDefinition, stackOf} from "../../profiles/conflicts/stack.ts"
import {dataplanes} from "../../profiles/registry.ts"
import type {Snapshot} from "../../profiles/snapshot/snapshot.ts"
import {pureChecks} from "./catalogue.ts"
import {type CheckResult, type PureCheck, resultOf, type Scene} from "./types.ts"

export type Looking = {
	readonly snapshot: Snapshot
	readonly profiles: readonly MeshProfile[]
	/** The API server's version, where there is one to ask. */
	readonly server?: string
	readonly fromCluster: boolean
	readonly now: Date
}

/** Runs every pure check on one snapshot. */
export function runPure({snapshot, profiles, server, fromCluster, now}: Looking): readonly CheckResult[] {
	const facts = clusterFacts(snapshot, dataplanes)
	const installations = facts.installed.map(({installation}) => installation)
	const scene: Scene = {
		snapshot,
		dataplanes,
		facts,
		stack: stackOf({snapshot, installations, ...(server === undefined ? {} : {server})}),
		profiles,
		plans: plan({snapshot, profiles, dataplanes}).namespaces,
		knowsDefinitions: fromCluster
			? snapshot.knows(CustomResourceDefinition)
			: snapshot.list(CustomResourceDefinition).length > 0,
		now,
	}
	return pureChecks.map((check) => judged(check, scene))
}

/** What is said of all of them when there is nothing to look at. */
export function notRunPure(why: string): readonly CheckResult[] {
	return pureChecks.map((check) => resultOf(check, {notRun: why}))
}

/** An empty list that is no list proves nothing: what cannot be read is not judged. */
function judged(check: PureCheck, scene: Scene): CheckResult {
	const unknown = check.reads.filter((kind) => !scene.snapshot.knows(kind)).map(({kind}) => kind)
	return resultOf(
		check,
		unknown.length > 0 ? {notRun: `${unknown.join(", ")} could not be read`} : check.look(scene),
	)
}
