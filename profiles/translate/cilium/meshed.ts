import {CiliumNetworkPolicy} from "../../apis/cilium/kinds.ts"
import {annotationOf, hasEnded, labelOf, proxyOf} from "../../pods.ts"
import {Namespace, Pod} from "../../snapshot/kinds.ts"
import type {Pod as PodShape, PodTemplate} from "../../snapshot/shapes.ts"
import type {Snapshot} from "../../snapshot/snapshot.ts"
import {templatesIn} from "../../workloads.ts"
import {sourceOf} from "../owned.ts"

/** A sidecar, a gateway, or ambient: peers in the mesh know who it is. */
const provesIdentity = (pod: PodShape): boolean =>
	proxyOf(pod, "istio-proxy") !== undefined || annotationOf(pod, "ambient.istio.io/redirection") === "enabled"

/** Pods on the host's network have no labels for Cilium: it takes them for their node. */
const isOf =
	(account: string | undefined) =>
	({spec}: PodTemplate): boolean =>
		spec?.hostNetwork !== true &&
		(account === undefined || (spec?.serviceAccountName ?? "default") === account)

/** What makes new pods of a template members of the mesh; a label of the pod beats that of its namespace. */
function wouldBeMeshed(snapshot: Snapshot, namespace: string, template: PodTemplate): boolean {
	const labels = snapshot.get(Namespace, namespace)?.metadata.labels ?? {}
	const mode = labelOf(template, "istio.io/dataplane-mode") ?? labels["istio.io/dataplane-mode"]
	if (mode === "ambient") return true
	const inject = labelOf(template, "sidecar.istio.io/inject")
	if (inject !== undefined) return inject === "true"
	const injection = labels["istio-injection"]
	return injection === "enabled" || (injection === undefined && labels["istio.io/rev"] !== undefined)
}

/**
 * Whether the pods of a service account, or of a namespace, prove their identity to peers in the mesh: those that run,
 * and those that the workloads there would make. Of the namespace that is moving, pods that have left its sidecars
 * count as they were before, once a policy of Heddle's stands for them.
 */
export function meshedIn(
	snapshot: Snapshot,
	moving: string,
): (namespace: string, account?: string) => boolean {
	const begun = snapshot
		.list(CiliumNetworkPolicy, moving)
		.some((one) => sourceOf(one)?.startsWith("AuthorizationPolicy/") === true)
	return (namespace, account) => {
		const counts = isOf(account)
		const left = begun && namespace === moving
		const pods = snapshot.list(Pod, namespace).filter((pod) => counts(pod) && !hasEnded(pod))
		const templates = templatesIn(snapshot, namespace).filter(({template}) => counts(template))
		return (
			pods.every((pod) => left || provesIdentity(pod)) &&
			templates.every(({template}) => left || wouldBeMeshed(snapshot, namespace, template))
		)
	}
}
