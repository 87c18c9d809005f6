import {containersOf} from "../pods.ts"
import * as kinds from "../snapshot/kinds.ts"
import type {StringMap} from "../snapshot/object.ts"
import type {PodSpec} from "../snapshot/shapes.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"
import {templatesIn} from "../workloads.ts"
import type {PodShape, Surroundings} from "./istio/behind.ts"

/** Pods as they are and as their templates will make them, those of the host's network left out: nothing captures them. */
export function surroundingsIn(snapshot: Snapshot, namespace: string): Surroundings {
	const specs = [
		...snapshot.list(kinds.Pod, namespace).map(({metadata, spec}) => ({labels: metadata.labels, spec})),
		...templatesIn(snapshot, namespace).map(({template}) => ({
			labels: template.metadata?.labels,
			spec: template.spec,
		})),
	]
	const shapes = specs
		.filter(({labels, spec}) => spec?.hostNetwork !== true && labels?.[gatewayLabel] === undefined)
		.map(({labels = {}, spec}): PodShape => ({labels: lastingLabels(labels), ports: portsOf(spec)}))
	const distinct = new Map(shapes.map((shape) => [JSON.stringify(shape), shape]))
	return {services: snapshot.list(kinds.Service, namespace), pods: [...distinct.values()]}
}

/** The pods of a waypoint or of another gateway are no workloads. */
const gatewayLabel = "gateway.networking.k8s.io/gateway-name"

/** Labels that differ from pod to pod, or that a move itself changes, and that no Service selects by. */
const passing =
	/^(pod-template-hash|controller-revision-hash|pod-template-generation|statefulset\.kubernetes\.io\/pod-name|apps\.kubernetes\.io\/pod-index|security\.istio\.io\/tlsMode|networking\.istio\.io\/tunnel|service\.istio\.io\/canonical-.*|linkerd\.io\/.*|(batch\.kubernetes\.io\/)?(controller-uid|job-name|job-completion-index)|sidecar\.istio\.io\/inject|istio\.io\/(rev|dataplane-mode))$/

/** The labels that all pods of a workload have, before and after it moves. */
export const lastingLabels = (labels: StringMap): StringMap =>
	Object.fromEntries(Object.entries(labels).filter(([key]) => !passing.test(key)))

const portsOf = (spec: PodSpec | undefined): PodShape["ports"] =>
	Object.fromEntries(
		containersOf(spec).flatMap(({ports}) =>
			(Array.isArray(ports) ? ports : []).flatMap(({name, containerPort}) =>
				name === undefined ? [] : [[name, containerPort] as const],
			),
		),
	)
