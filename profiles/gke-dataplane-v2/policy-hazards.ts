import {envoyConfigsFor} from "../apis/cilium/envoy-config.ts"
import {policiesFor} from "../apis/cilium/policy.ts"
import type {Reason} from "../reason.ts"
import {reason} from "../reasons.ts"
import {type KubeObject, refOf} from "../snapshot/object.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"

/**
 * Objects that Cilium would enforce, and GKE's build of it does not: it knows clusterwide policies alone.
 * Source: cilium#36509
 */
export function unenforced(snapshot: Snapshot, namespace: string): readonly Reason[] {
	const policies = policiesFor(snapshot, namespace)
	const own = policies.filter(({object}) => object.kind === "CiliumNetworkPolicy")
	const l7 = policies.filter(
		(one) =>
			!own.includes(one) && one.rules.some(({clauses}) => clauses.some((clause) => clause.l7.length > 0)),
	)
	return [
		...own.map(({object}) =>
			unread(object, "is a policy of a namespace; GKE Dataplane V2 knows clusterwide ones"),
		),
		...[...l7.map(({object}) => object), ...envoyConfigsFor(snapshot, namespace)].map((object) =>
			unread(object, "asks for a proxy, which GKE Dataplane V2 does not have"),
		),
	]
}

const unread = (object: KubeObject, why: string): Reason =>
	reason("PolicyNotOnDataplaneV2", {object: refOf(object), message: `${refOf(object)} ${why}.`})
