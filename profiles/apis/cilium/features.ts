import type {Snapshot} from "../../snapshot/snapshot.ts"
import {joined, type Uses, usesOf} from "../use.ts"
import {networkAgent} from "./agent.ts"
import {envoyConfigsFor, envoyConfigTraits, readEnvoyConfig} from "./envoy-config.ts"
import {CiliumLocalRedirectPolicy} from "./kinds.ts"
import {policiesFor, policyTraits, readPolicy} from "./policy.ts"

const redirect = {
	name: "WorkloadLoadBalancing",
	note: "for a redirect to a pod of the same node",
	carrier: "cni",
} as const

/**
 * What a namespace makes use of by Cilium's objects: its own, and the clusterwide ones that select its pods or name
 * its services. Without Cilium nobody reads them, and they are no use of anything.
 */
export function features(snapshot: Snapshot, namespace: string): Uses {
	if (networkAgent(snapshot) === undefined) return {uses: [], reasons: []}
	const policies = policiesFor(snapshot, namespace)
	const rulesOf = new Map(policies.map(({object, rules}) => [object, rules]))
	return joined([
		usesOf([...rulesOf.keys()], readPolicy, (_, object) => policyTraits(rulesOf.get(object) ?? [])),
		usesOf(envoyConfigsFor(snapshot, namespace), readEnvoyConfig, envoyConfigTraits),
		usesOf(snapshot.list(CiliumLocalRedirectPolicy, namespace), readRedirect, () => [redirect]),
	])
}

const readRedirect = () => ({value: undefined, faults: []})
