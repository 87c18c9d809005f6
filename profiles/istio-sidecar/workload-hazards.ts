import {controlPlanes} from "../apis/istio/control-plane.ts"
import {probeHazards} from "../apis/kubernetes/probes.ts"
import {serverFirstPorts} from "../apis/kubernetes/services.ts"
import type {Move} from "../dataplane.ts"
import {initContainersOf} from "../pods.ts"
import type {Reason} from "../reason.ts"
import {reason} from "../reasons.ts"
import * as kinds from "../snapshot/kinds.ts"
import {refOf} from "../snapshot/object.ts"
import type {Service} from "../snapshot/shapes.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"
import {type Templated, templatesIn} from "../workloads.ts"
import {sidecarsAreNative} from "./detect.ts"

/** What of the workloads themselves does not bear a sidecar. */
export function workloadHazards(snapshot: Snapshot, {namespace, to}: Move): readonly Reason[] {
	const captured = templatesIn(snapshot, namespace).filter(
		({template}) => template.spec?.hostNetwork !== true,
	)
	const plane = controlPlanes(snapshot).find(({revision}) => revision === to.revision)
	const order = sidecarsAreNative(snapshot, plane)
		? []
		: captured.filter((one) => !asksForNative(one)).flatMap(orderHazards)
	return [
		...order,
		...probeHazards(snapshot, namespace),
		...snapshot.list(kinds.Service, namespace).flatMap(serverFirstHazard),
	]
}

const asksForNative = ({template}: Templated) =>
	template.metadata?.annotations?.["sidecar.istio.io/nativeSidecar"] === "true"

function orderHazards({object, template}: Templated): readonly Reason[] {
	const ref = refOf(object)
	const isJob = object.kind === "Job" || object.kind === "CronJob"
	// Containers that Istio put there itself are in a bare pod's spec too.
	const init = initContainersOf(template.spec).filter(({name}) => !name.startsWith("istio-"))
	return [
		...(isJob
			? [
					reason("JobsHangWithoutNativeSidecars", {
						object: ref,
						message: `${ref} would not end: its sidecar would run on.`,
					}),
				]
			: []),
		...(init.length > 0
			? [
					reason("InitContainersWithoutNetwork", {
						object: ref,
						message: `${ref} has the init containers ${init.map(({name}) => name).join(", ")}, which would have no network.`,
					}),
				]
			: []),
	]
}

/** Prefixes of port names by which Istio does not wait for the client; MySQL's own is off by default there. */
const declared = /^(tcp|tls|https|mysql)(-|$)/

function serverFirstHazard(service: Service): readonly Reason[] {
	const silent = serverFirstPorts(service).filter(
		({name, appProtocol}) => appProtocol === undefined && !declared.test(name ?? ""),
	)
	if (silent.length === 0) return []
	const ports = silent.map(({port, protocol}) => `${port} (${protocol})`).join(", ")
	const ref = refOf(service)
	return [
		reason("ServerFirstProtocol", {
			object: ref,
			message: `${ref} does not say that on ${ports} the server speaks first.`,
		}),
	]
}
