import {envoyConfigsFor} from "../apis/cilium/envoy-config.ts"
import {policiesFor} from "../apis/cilium/policy.ts"
import type {Reason} from "../reason.ts"
import {reason} from "../reasons.ts"
import {type KubeObject, refOf} from "../snapshot/object.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"

/** Objects that Cilium would enforce, and GKE's build of it does not. */
export function unenforced(snapshot: Snapshot, namespace: string): readonly Reason[] {
	const l7 = policiesFor(snapshot, namespace).filter(({rules}) =>
		rules.some(({clauses}) => clauses.some((clause) => clause.l7.length > 0)),
	)
	const objects: readonly KubeObject[] = [
		...l7.map(({object}) => object),
		...envoyConfigsFor(snapshot, namespace),
	]
	return objects.map((object) =>
		reason("PolicyNotOnDataplaneV2", {
			object: refOf(object),
			message: `${refOf(object)} asks for a proxy, which GKE Dataplane V2 does not have.`,
		}),
	)
}
