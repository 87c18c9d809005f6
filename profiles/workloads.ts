import {perSnapshot} from "./memo.ts"
import * as kinds from "./snapshot/kinds.ts"
import type {KubeObject, StringMap} from "./snapshot/object.ts"
import type {PodTemplate} from "./snapshot/shapes.ts"
import type {Snapshot} from "./snapshot/snapshot.ts"

/** Anything that runs pods, by the template that it makes them from; a bare pod is its own template. */
export type Templated = {readonly object: KubeObject; readonly template: PodTemplate}

/** The workloads of a namespace, and its pods that no other workload made. */
export function templatesIn(snapshot: Snapshot, namespace: string): readonly Templated[] {
	const made = [kinds.Deployment, kinds.StatefulSet, kinds.DaemonSet, kinds.Job].flatMap((kind) =>
		(snapshot.list(kind, namespace) as readonly (KubeObject & {spec?: {template?: PodTemplate}})[]).map(
			(object) => ({
				object,
				template: object.spec?.template ?? {},
			}),
		),
	)
	const scheduled = snapshot
		.list(kinds.CronJob, namespace)
		.map((object) => ({object, template: object.spec?.jobTemplate?.spec?.template ?? {}}))
	const bare = snapshot
		.list(kinds.Pod, namespace)
		.filter(({metadata}) => (metadata.ownerReferences ?? []).length === 0)
		.map((pod) => ({object: pod, template: {metadata: pod.metadata, ...(pod.spec ? {spec: pod.spec} : {})}}))
	return [...made, ...scheduled, ...bare]
}

const labelsByNamespace = perSnapshot(() => new Map<string, readonly StringMap[]>())

/** The label sets that pods of a namespace have or will have, for selectors of policies. */
export function podLabelsIn(snapshot: Snapshot, namespace: string): readonly StringMap[] {
	const known = labelsByNamespace(snapshot)
	const found = known.get(namespace) ?? [
		...snapshot.list(kinds.Pod, namespace).map(({metadata}) => metadata.labels ?? {}),
		...templatesIn(snapshot, namespace).map(({template}) => template.metadata?.labels ?? {}),
	]
	known.set(namespace, found)
	return found
}
