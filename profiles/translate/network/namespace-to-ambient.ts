import {closesPort, refusesProbesFrom} from "../../apis/kubernetes/network-policy.ts"
import {listed} from "../../names.ts"
import {readNetworkPolicy} from "../../policy/kubernetes/read.ts"
import type {Callee, Caller, Request} from "../../policy/request.ts"
import type {Reason} from "../../reason.ts"
import {reason} from "../../reasons.ts"
import {NetworkPolicy} from "../../snapshot/kinds.ts"
import {refOf} from "../../snapshot/object.ts"
import type {Snapshot} from "../../snapshot/snapshot.ts"
import type {Surroundings} from "../istio/behind.ts"
import {calleesIn} from "../istio/callees.ts"
import type {NamespaceTranslation} from "../istio/namespace-to-ambient.ts"
import {check} from "../moments.ts"
import {roleOf, written} from "../owned.ts"
import {surroundingsIn} from "../pod-shapes.ts"
import {nothingTranslated, type Translated} from "../types.ts"
import {tunnelMoments} from "./moments.ts"
import {hbone, networkToAmbient, probeAddress} from "./to-ambient.ts"

const nobodyKeptOut = {guarded: false, strict: false, headless: []}

/** What the network lets through for a namespace that goes into ambient without a waypoint. */
export function namespaceNetworkToAmbient(snapshot: Snapshot, namespace: string): NamespaceTranslation {
	const policies = written(snapshot.list(NetworkPolicy, namespace))
	// What cannot be read is refused as a hazard.
	if (policies.length === 0 || policies.some((one) => readNetworkPolicy(one).faults.length > 0))
		return {made: nothingTranslated, ...nobodyKeptOut}
	const around = surroundingsIn(snapshot, namespace)
	const refused = refusesProbesFrom(snapshot, namespace, probeAddress)
	const made = networkToAmbient({
		namespace,
		policies,
		pods: around.pods,
		refused: refused.map(({workload}) => workload.template.metadata?.labels ?? {}),
	})
	const told = new Set(made.translations.map(({source}) => source))
	const answered =
		closesPort(snapshot, namespace, hbone).every(({policy}) => told.has(refOf(policy))) &&
		refused.every(({policies: by}) => by.some((one) => told.has(refOf(one))))
	return {
		made: {...made, reasons: opened(made), settles: answered ? ["NetworkPolicyBlocksHBONE"] : []},
		...(made.before.length === 0
			? {}
			: {check: check(tunnelMoments(policies, made), requestsIn(namespace, around))}),
		...nobodyKeptOut,
	}
}

function opened({before}: Translated): readonly Reason[] {
	const openings = before.filter((one) => roleOf(one) === "opening").map(refOf)
	const [object] = openings
	if (object === undefined) return []
	const message = `${listed(openings)} admits TCP ${hbone} or ambient's probes beside what people have written.`
	return [reason("NetworkPolicyOpened", {object, message})]
}

/** Calls of every pod of the namespace, and of strangers, in the mesh and outside of it, to every port that is known. */
function requestsIn(namespace: string, around: Surroundings): readonly Request[] {
	const caller = (home: string, labels: Caller["labels"]): Caller => ({
		namespace: home,
		serviceAccount: "default",
		labels,
		ip: "198.51.100.1",
	})
	const callers = [
		...around.pods.map(({labels}) => caller(namespace, labels)),
		caller(namespace, {}),
		caller("heddle-elsewhere", {}),
	]
	const callees: readonly Callee[] = calleesIn(namespace, around).flatMap((callee) => [
		callee,
		{...callee, port: callee.port + 1},
	])
	return callers.flatMap((source) =>
		callees.flatMap((destination) => [
			{source, destination},
			{source: {...source, identity: {trustDomain: "cluster.local", ...source}}, destination},
		]),
	)
}
