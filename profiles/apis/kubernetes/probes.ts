import {annotationOf, containersOf} from "../../pods.ts"
import type {Reason} from "../../reason.ts"
import {reason} from "../../reasons.ts"
import {refOf} from "../../snapshot/object.ts"
import type {PodTemplate, Probe} from "../../snapshot/shapes.ts"
import type {Snapshot} from "../../snapshot/snapshot.ts"
import {templatesIn} from "../../workloads.ts"
import {strictBy} from "../istio/peer-authentication.ts"

const rewrite = "sidecar.istio.io/rewriteAppHTTPProbers"

/**
 * The kubelet has no certificate. Istio's injector sends its HTTP and gRPC probes through the agent, unless a
 * template switches that off; then a strict sidecar refuses them. An exec probe does not cross the network, and a TCP
 * probe is answered by the sidecar itself.
 */
export function probeHazards(snapshot: Snapshot, namespace: string): readonly Reason[] {
	const bare = templatesIn(snapshot, namespace).filter(
		({template}) => annotationOf(template, rewrite) === "false" && hasSpokenProbe(template),
	)
	if (bare.length === 0 || strictBy(snapshot, namespace).length === 0) return []
	return bare.map(({object}) =>
		reason("ProbesRefusedByStrictMTLS", {
			object: refOf(object),
			message: `${refOf(object)} has ${rewrite}: "false" and HTTP or gRPC probes, which strict mTLS refuses.`,
		}),
	)
}

function hasSpokenProbe({spec}: PodTemplate): boolean {
	const spoken = (probe: Probe | undefined) => probe?.httpGet !== undefined || probe?.grpc !== undefined
	return containersOf(spec).some((one) =>
		[one.readinessProbe, one.livenessProbe, one.startupProbe].some(spoken),
	)
}
