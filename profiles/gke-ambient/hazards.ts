import {heldBy} from "../apis/linkerd/pods.ts"
import {lostMeshHazards} from "../cilium/hazards.ts"
import type {Move} from "../dataplane.ts"
import {namespacesWithSidecars} from "../istio-sidecar/evidence.ts"
import {listed} from "../names.ts"
import type {Reason} from "../reason.ts"
import {reason} from "../reasons.ts"
import * as kinds from "../snapshot/kinds.ts"
import {refOf} from "../snapshot/object.ts"
import type {Service} from "../snapshot/shapes.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"
import {templatesIn} from "../workloads.ts"

export function hazards(snapshot: Snapshot, {namespace, uses = []}: Move): readonly Reason[] {
	const strict = uses.find(({name}) => name === "MTLSStrict")
	return [
		...lostMeshHazards(snapshot, namespace),
		...sidecarHazards(snapshot, namespace),
		...unsupported(snapshot, namespace),
		...(strict === undefined
			? []
			: [
					reason("GKEAmbientStrictUnproven", {
						message: `Strict mTLS is asked for by ${strict.usedBy.join(", ")}.`,
					}),
				]),
	]
}

function sidecarHazards(snapshot: Snapshot, namespace: string): readonly Reason[] {
	const linkerd = snapshot.list(kinds.Pod, namespace).length > 0 && heldBy(snapshot, namespace).linkerd
	const others = namespacesWithSidecars(snapshot)
	if (others.length === 0 && !linkerd) return []
	const where = listed([...new Set([...others, ...(linkerd ? [namespace] : [])])].sort())
	const message = `Pods with sidecars run in ${where}; enrolled pods do not interoperate with them.`
	return [reason("GKEAmbientRefusesSidecars", {message})]
}

function unsupported(snapshot: Snapshot, namespace: string): readonly Reason[] {
	const services = snapshot.list(kinds.Service, namespace).flatMap((service) => {
		const what = flawOf(service)
		return what === undefined ? [] : [{object: refOf(service), what}]
	})
	const sandboxed = templatesIn(snapshot, namespace)
		.filter(({template}) => template.spec?.runtimeClassName === "gvisor")
		.map(({object}) => ({object: refOf(object), what: "runs in GKE Sandbox"}))
	return [...services, ...sandboxed].map(({object, what}) =>
		reason("GKEAmbientUnsupported", {object, message: `${object} ${what}.`}),
	)
}

function flawOf({spec}: Service): string | undefined {
	if (spec?.clusterIP === "None" && spec.selector !== undefined) return "is headless"
	const distribution = (spec as {readonly trafficDistribution?: unknown} | undefined)?.trafficDistribution
	return distribution === undefined ? undefined : "has a trafficDistribution"
}
