import {authorizationsFor, readAuthorization} from "../apis/istio/authorization.ts"
import {readRequestAuthentication} from "../apis/istio/extensions.ts"
import {RequestAuthentication} from "../apis/istio/kinds.ts"
import {type Attachment, policiesFor} from "../apis/istio/scope.ts"
import {policiesLostWhenLeaving} from "../apis/linkerd/leaving.ts"
import {underMesh} from "../cilium/under-mesh.ts"
import type {Move} from "../dataplane.ts"
import {onDataplaneV2} from "../gke-dataplane-v2/under-mesh.ts"
import {mosnPins} from "../mosn/pins.ts"
import {labelOf} from "../pods.ts"
import type {Reason} from "../reason.ts"
import {reason} from "../reasons.ts"
import {serviceHazards} from "../service-hazards.ts"
import * as kinds from "../snapshot/kinds.ts"
import {type KubeObject, refOf} from "../snapshot/object.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"
import {isDefault} from "./enrolment.ts"
import {cutOffHazards, exclusionHazards} from "./reach-hazards.ts"
import {workloadHazards} from "./workload-hazards.ts"

export function hazards(snapshot: Snapshot, move: Move): readonly Reason[] {
	const {namespace} = move
	return [
		...labelHazards(snapshot, move),
		...podSecurityHazards(snapshot, namespace),
		...targetRefHazards(snapshot, namespace),
		...workloadHazards(snapshot, move),
		...mosnPins(snapshot, namespace),
		...serviceHazards(snapshot, namespace),
		...underMesh(snapshot, namespace, "istio-sidecar"),
		...onDataplaneV2(snapshot, move),
		...cutOffHazards(snapshot, move),
		...exclusionHazards(snapshot, move),
		...policiesLostWhenLeaving(snapshot, namespace),
	]
}

/** The namespace's labels win over those of a pod, and `istio-injection` wins over `istio.io/rev`. */
function labelHazards(snapshot: Snapshot, {namespace, to}: Move): readonly Reason[] {
	const object = snapshot.get(kinds.Namespace, namespace)
	if (object === undefined) return []
	const injection = labelOf(object, "istio-injection")
	const revision = labelOf(object, "istio.io/rev")
	const conflict = (message: string) => [reason("InjectionLabelConflict", {object: refOf(object), message})]
	if (injection === "disabled")
		return conflict(`${namespace} has the label istio-injection: disabled, which no pod can override.`)
	if (injection !== undefined && !isDefault(to)) {
		const ignored = revision === undefined ? "" : `, and its label istio.io/rev: ${revision} is ignored`
		return conflict(
			`${namespace} has the label istio-injection: ${injection}, so the default revision injects instead of ${to.revision}${ignored}.`,
		)
	}
	const meant = revision === undefined || revision === to.revision || to.tags.includes(revision)
	if (injection !== undefined || meant) return []
	return conflict(
		`${namespace} has the label istio.io/rev: ${revision}, which stands for another revision than ${to.revision}.`,
	)
}

function podSecurityHazards(snapshot: Snapshot, namespace: string): readonly Reason[] {
	const object = snapshot.get(kinds.Namespace, namespace)
	const level = object && labelOf(object, "pod-security.kubernetes.io/enforce")
	const hasCNI = snapshot.list(kinds.DaemonSet).some(({metadata}) => metadata.name === "istio-cni-node")
	if (object === undefined || (level !== "restricted" && level !== "baseline") || hasCNI) return []
	const message = `${namespace} enforces the Pod Security level ${level}, and there is no istio-cni: istio-init would be refused.`
	return [reason("PodSecurityForbidsInit", {object: refOf(object), message})]
}

function targetRefHazards(snapshot: Snapshot, namespace: string): readonly Reason[] {
	const tokens = policiesFor(
		snapshot,
		RequestAuthentication,
		namespace,
		(one) => readRequestAuthentication(one).value,
	)
	const attached: readonly (readonly [KubeObject, Attachment])[] = [
		...authorizationsFor(snapshot, namespace).map((one) => [one, readAuthorization(one).value] as const),
		...tokens.map((one) => [one, readRequestAuthentication(one).value] as const),
	]
	return attached
		.filter(([, {targetRefs}]) => targetRefs.length > 0)
		.map(([object, {targetRefs}]) => {
			const targets = targetRefs.map(({kind, name}) => `${kind} ${name}`).join(", ")
			const message = `${refOf(object)} is attached to ${targets}; sidecars do not look at it.`
			return reason("TargetRefsIgnoredBySidecar", {object: refOf(object), message})
		})
}
