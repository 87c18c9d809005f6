import {annotationOf, labelOf, selects} from "../pods.ts"
import type {Reason} from "../reason.ts"
import {reason} from "../reasons.ts"
import * as kinds from "../snapshot/kinds.ts"
import {refOf} from "../snapshot/object.ts"
import type {Namespace} from "../snapshot/shapes.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"
import {type Templated, templatesIn} from "../workloads.ts"
import {controlPlane, injectorOf} from "./control-plane.ts"

/** Why Linkerd's injector would leave pods out, silently as it does. */
export function injectionHazards(snapshot: Snapshot, name: string): readonly Reason[] {
	const namespace = snapshot.get(kinds.Namespace, name)
	if (namespace === undefined) return []
	const captured = templatesIn(snapshot, name).filter(({template}) => template.spec?.hostNetwork !== true)
	return [
		...selectorHazards(snapshot, namespace, captured),
		...valueHazards(namespace),
		...podSecurityHazards(snapshot, namespace),
		...captured.filter((one) => asksIstio(namespace, one)).map(bothHazard),
	]
}

function selectorHazards(
	snapshot: Snapshot,
	namespace: Namespace,
	workloads: readonly Templated[],
): readonly Reason[] {
	const injector = injectorOf(controlPlane(snapshot)?.webhook)
	if (injector === undefined) return []
	const {name, labels = {}} = namespace.metadata
	// The API server sets this label itself; in files it may be missing.
	const own = {"kubernetes.io/metadata.name": name, ...labels}
	if (!selects(injector.namespaceSelector, own)) {
		const message = `The namespaceSelector of Linkerd's webhook leaves ${name} out.`
		return [reason("LinkerdExcludesNamespace", {object: refOf(namespace), message})]
	}
	return workloads
		.filter(({template}) => !selects(injector.objectSelector, template.metadata?.labels ?? {}))
		.map(({object}) => {
			const message = `The objectSelector of Linkerd's webhook leaves the pods of ${refOf(object)} out.`
			return reason("LinkerdExcludesNamespace", {object: refOf(object), message})
		})
}

/** Source: linkerd2:pkg/inject/report.go */
function valueHazards(namespace: Namespace): readonly Reason[] {
	const value = annotationOf(namespace, "linkerd.io/inject")
	if (value === undefined || ["", "enabled", "disabled", "ingress"].includes(value)) return []
	const message = `${namespace.metadata.name} has the annotation linkerd.io/inject: ${value}, which Linkerd does not know.`
	return [reason("LinkerdInjectInvalid", {object: refOf(namespace), message})]
}

function podSecurityHazards(snapshot: Snapshot, namespace: Namespace): readonly Reason[] {
	const level = labelOf(namespace, "pod-security.kubernetes.io/enforce")
	if ((level !== "restricted" && level !== "baseline") || controlPlane(snapshot)?.cni !== undefined) return []
	const message = `${namespace.metadata.name} enforces the Pod Security level ${level}, and there is no linkerd-cni: linkerd-init would be refused.`
	const fix = "Install linkerd-cni, which sets the redirection up on the node."
	return [reason("PodSecurityForbidsInit", {object: refOf(namespace), message, fix})]
}

/** Istio's injector would take the pod, by its own label or by its namespace's. */
function asksIstio(namespace: Namespace, {template}: Templated): boolean {
	const own = labelOf(template, "sidecar.istio.io/inject")
	if (own !== undefined) return own === "true"
	return (
		labelOf(namespace, "istio-injection") === "enabled" ||
		(labelOf(namespace, "istio-injection") === undefined &&
			(labelOf(namespace, "istio.io/rev") ?? labelOf(template, "istio.io/rev")) !== undefined)
	)
}

function bothHazard({object}: Templated): Reason {
	const message = `${refOf(object)} asks for Istio's sidecar too, and Istio's injector is called first.`
	return reason("BothInjectorsAsked", {object: refOf(object), message})
}
