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
	return {services: snapshot.list(kinds.Service, namespace), pods: distinct(shapes)}
}

/** One for each set of labels; pods that give one name to two ports are kept apart. */
function distinct(shapes: readonly PodShape[]): readonly PodShape[] {
	const found: PodShape[] = []
	for (const shape of shapes) {
		const at = found.findIndex((one) => sameLabels(one.labels, shape.labels) && agree(one.ports, shape.ports))
		const known = found[at]
		if (known === undefined) found.push(shape)
		else found[at] = {labels: known.labels, ports: {...known.ports, ...shape.ports}}
	}
	return found
}

const agree = (a: PodShape["ports"], b: PodShape["ports"]): boolean =>
	Object.entries(a).every(([name, port]) => (b[name] ?? port) === port)

/** The pods of a waypoint or of another gateway are no workloads. */
const gatewayLabel = "gateway.networking.k8s.io/gateway-name"

/** Labels that differ from pod to pod, or that a move itself changes, and that no Service selects by. */
const passing =
	/^(pod-template-hash|controller-revision-hash|pod-template-generation|statefulset\.kubernetes\.io\/pod-name|apps\.kubernetes\.io\/pod-index|security\.istio\.io\/tlsMode|networking\.istio\.io\/tunnel|service\.istio\.io\/canonical-.*|linkerd\.io\/.*|(batch\.kubernetes\.io\/)?(controller-uid|job-name|job-completion-index)|sidecar\.istio\.io\/inject|istio\.io\/(rev|dataplane-mode))$/

/** The labels that all pods of a workload have, before and after it moves. */
export const lastingLabels = (labels: StringMap): StringMap =>
	Object.fromEntries(Object.entries(labels).filter(([key]) => !passing.test(key)))

/** The same labels, in whatever order. */
export const sameLabels = (a: StringMap, b: StringMap): boolean =>
	Object.keys(a).length === Object.keys(b).length &&
	Object.entries(a).every(([key, value]) => b[key] === value)

/** What a mesh puts in front is no part of the workload. */
const proxies: readonly string[] = ["istio-proxy", "linkerd-proxy"]

const portsOf = (spec: PodSpec | undefined): PodShape["ports"] =>
	Object.fromEntries(
		containersOf(spec).flatMap(({name: container, ports}) =>
			(!proxies.includes(container) && Array.isArray(ports) ? ports : []).flatMap(({name, containerPort}) =>
				name === undefined ? [] : [[name, containerPort] as const],
			),
		),
	)
