import {gatewayMark} from "./foreign.ts"
import {hasEnded, proxyOf} from "./pods.ts"
import * as kinds from "./snapshot/kinds.ts"
import type {KubeObject, OwnerReference, StringMap} from "./snapshot/object.ts"
import type {PodTemplate} from "./snapshot/shapes.ts"
import type {Snapshot} from "./snapshot/snapshot.ts"

/** Anything that runs pods, by the template that it makes them from; a bare pod is its own template. */
export type Templated = {readonly object: KubeObject; readonly template: PodTemplate}

type Workload = KubeObject & {readonly spec?: {readonly template?: PodTemplate}}

/** The workloads of a namespace, and its pods that nothing else made. What has finished and gateways are left out. */
export function templatesIn(snapshot: Snapshot, namespace: string): readonly Templated[] {
	const workloads: readonly Workload[] = [
		...snapshot.list(kinds.Deployment, namespace),
		...snapshot.list(kinds.StatefulSet, namespace),
		...snapshot.list(kinds.DaemonSet, namespace),
		...snapshot
			.list(kinds.Job, namespace)
			.filter((job) => isUnowned(job) && job.status?.completionTime === undefined),
	]
	const made = workloads.map((object) => ({object, template: object.spec?.template ?? {}}))
	const scheduled = snapshot
		.list(kinds.CronJob, namespace)
		.map((object) => ({object, template: object.spec?.jobTemplate?.spec?.template ?? {}}))
	const bare = snapshot
		.list(kinds.Pod, namespace)
		.filter((pod) => isUnowned(pod) && !hasEnded(pod))
		.map((object) => ({object, template: object}))
	return [...made, ...scheduled, ...bare].filter(
		({template}) =>
			gatewayMark(template) === undefined && template.metadata?.labels?.[probeLabel] === undefined,
	)
}

/**
 * Controllers that are not read, an Argo Rollout among them, by one pod of each: what its owner wrote stands there.
 * Pods with this proxy are left out: its injector has written beside it.
 */
export function strangersIn(snapshot: Snapshot, namespace: string, proxy: string): readonly Templated[] {
	const found = new Map<string, Templated>()
	for (const pod of snapshot.list(kinds.Pod, namespace)) {
		const owner = (pod.metadata.ownerReferences ?? []).find(({controller}) => controller === true)
		if (owner === undefined || hasEnded(pod) || gatewayMark(pod) !== undefined) continue
		if (pod.metadata.labels?.[probeLabel] !== undefined || proxyOf(pod, proxy) !== undefined) continue
		if (isRead(snapshot, namespace, owner)) continue
		const key = `${owner.kind}/${owner.name}`
		if (!found.has(key)) found.set(key, {object: pod, template: pod})
	}
	return [...found.values()]
}

const behind: Readonly<Record<string, kinds.Kind>> = {ReplicaSet: kinds.Deployment, Job: kinds.CronJob}

/** What stands behind an owner of pods that snapshots may leave out: its name is that one's and a suffix. */
export function behindByName(
	snapshot: Snapshot,
	namespace: string,
	{kind, name}: Pick<OwnerReference, "kind" | "name">,
): Pick<OwnerReference, "kind" | "name"> | undefined {
	const above = behind[kind]
	const parent = name.slice(0, Math.max(0, name.lastIndexOf("-")))
	return above !== undefined && snapshot.get(above, parent, namespace) !== undefined
		? {kind: above.kind, name: parent}
		: undefined
}

const owners: readonly kinds.Kind[] = [kinds.StatefulSet, kinds.DaemonSet, kinds.Job]

function isRead(snapshot: Snapshot, namespace: string, owner: OwnerReference): boolean {
	const {kind, name} = owner
	return (
		kind === "Node" ||
		owners.some((one) => one.kind === kind && snapshot.get(one, name, namespace) !== undefined) ||
		behindByName(snapshot, namespace, owner) !== undefined
	)
}

/** On the Jobs by which Heddle sends requests of its own, and on their pods: they are nobody's workload. */
export const probeLabel = "heddle.dev/probe"

const isUnowned = ({metadata}: KubeObject) => (metadata.ownerReferences ?? []).length === 0

const labelsOf = new WeakMap<Snapshot, Map<string, readonly StringMap[]>>()

/**
 * The label sets that pods of a namespace have or will have, for selectors of policies. Kept for this very snapshot
 * and not for its era: what is decided about a namespace is decided on its workloads of this moment.
 */
export function podLabelsIn(snapshot: Snapshot, namespace: string): readonly StringMap[] {
	const known = labelsOf.get(snapshot) ?? new Map<string, readonly StringMap[]>()
	labelsOf.set(snapshot, known)
	const found = known.get(namespace) ?? [
		...snapshot.list(kinds.Pod, namespace).map(({metadata}) => metadata.labels ?? {}),
		...templatesIn(snapshot, namespace).map(({template}) => template.metadata?.labels ?? {}),
	]
	known.set(namespace, found)
	return found
}
