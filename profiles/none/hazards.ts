import {protectionLostOutsideIstio} from "../apis/istio/leaving.ts"
import {policiesLostWhenLeaving} from "../apis/linkerd/leaving.ts"
import {dutyStays} from "../cilium/duty-stays.ts"
import type {Move} from "../dataplane.ts"
import type {Reason} from "../reason.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"

/** What protects the namespace now, or identifies it to others, and would be gone without a mesh. */
export function hazards(snapshot: Snapshot, {namespace}: Move): readonly Reason[] {
	return [
		...protectionLostOutsideIstio(snapshot, namespace),
		...policiesLostWhenLeaving(snapshot, namespace),
		...dutyStays(snapshot, namespace),
	]
}
