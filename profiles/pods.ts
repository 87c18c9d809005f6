import type {StringMap} from "./snapshot/object.ts"
import type {Container, ContainerStatus, LabelSelector, Pod, PodSpec} from "./snapshot/shapes.ts"

/** Objects from files were not validated: what should be a list may be anything. */
const list = <T>(value: readonly T[] | undefined): readonly T[] => (Array.isArray(value) ? value : [])

export function initContainersOf(spec: PodSpec | undefined): readonly Container[] {
	return list(spec?.initContainers)
}

export function containersOf(spec: PodSpec | undefined): readonly Container[] {
	return list(spec?.containers)
}

export function isReady(pod: Pod): boolean {
	return list(pod.status?.conditions).some(({type, status}) => type === "Ready" && status === "True")
}

/** It is on its way out, or has done what it was made for. */
export function hasEnded({metadata, status}: Pod): boolean {
	return (
		metadata.deletionTimestamp !== undefined || status?.phase === "Succeeded" || status?.phase === "Failed"
	)
}

export type ProxyContainer = {
	readonly container: Container
	readonly native: boolean
	readonly status?: ContainerStatus
}

/**
 * The proxy container of a pod, with its status. A native sidecar is an init container that always restarts, and
 * its status stands among those of the init containers: looking in `containerStatuses` alone misses it.
 */
export function proxyOf(pod: Pod, name: string): ProxyContainer | undefined {
	const named = (one: {readonly name: string}) => one.name === name
	const native = initContainersOf(pod.spec).find((one) => named(one) && one.restartPolicy === "Always")
	const container = native ?? containersOf(pod.spec).find(named)
	if (container === undefined) return undefined
	const statuses = list(native ? pod.status?.initContainerStatuses : pod.status?.containerStatuses)
	const status = statuses.find(named)
	return {container, native: native !== undefined, ...(status ? {status} : {})}
}

export function labelOf(
	object: {readonly metadata?: {readonly labels?: StringMap}},
	key: string,
): string | undefined {
	return object.metadata?.labels?.[key]
}

export function annotationOf(
	object: {readonly metadata?: {readonly annotations?: StringMap}},
	key: string,
): string | undefined {
	return object.metadata?.annotations?.[key]
}

/** Kubernetes' own meaning of a label selector; an empty one selects everything. */
export function selects(selector: LabelSelector | undefined, labels: StringMap): boolean {
	const equal = Object.entries(selector?.matchLabels ?? {}).every(([key, value]) => labels[key] === value)
	return equal && list(selector?.matchExpressions).every((expression) => holds(expression, labels))
}

type Expression = NonNullable<LabelSelector["matchExpressions"]>[number]

function holds({key, operator, values}: Expression, labels: StringMap): boolean {
	const value = labels[key]
	if (operator === "Exists") return value !== undefined
	if (operator === "DoesNotExist") return value === undefined
	const among = value !== undefined && list(values).includes(value)
	return operator === "In" ? among : !among
}
