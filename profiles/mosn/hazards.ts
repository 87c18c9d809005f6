import {routesIn} from "../apis/gateway-api/features.ts"
import {readRoute} from "../apis/gateway-api/routes.ts"
import {readExtension} from "../apis/istio/extensions.ts"
import {Telemetry, TrafficExtension, WasmPlugin} from "../apis/istio/kinds.ts"
import {policiesFor} from "../apis/istio/scope.ts"
import type {Move} from "../dataplane.ts"
import {hazards as sidecarHazards} from "../istio-sidecar/hazards.ts"
import type {Reason} from "../reason.ts"
import {reason} from "../reasons.ts"
import {type KubeObject, refOf} from "../snapshot/object.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"

/** What holds for a sidecar holds for this one, and Istio 1.10 reads nothing that came after it. */
export function hazards(snapshot: Snapshot, move: Move): readonly Reason[] {
	const {namespace, to} = move
	const message = `New workloads would run MOSN under the revision ${to.revision} of Istio 1.10.`
	return [
		reason("MosnTakesNewWorkloads", {message}),
		...unread(snapshot, namespace),
		...sidecarHazards(snapshot, move),
	]
}

function unread(snapshot: Snapshot, namespace: string): readonly Reason[] {
	const routes = routesIn(snapshot, namespace).filter((one) => readRoute(one).value.inMesh)
	const extensions = [WasmPlugin, TrafficExtension].flatMap((kind) =>
		policiesFor(snapshot, kind, namespace, (one) => readExtension(one).value),
	)
	return [
		...routes.map((one) => ignored(one, "is attached to a Service, which Istio 1.10 does not know")),
		...extensions.map((one) => ignored(one, "is of a kind that came after Istio 1.10")),
		...snapshot
			.list(Telemetry, namespace)
			.map((one) => ignored(one, "is of a kind that came after Istio 1.10")),
	]
}

function ignored(object: KubeObject, why: string): Reason {
	return reason("IgnoredByIstio110", {object: refOf(object), message: `${refOf(object)} ${why}.`})
}
