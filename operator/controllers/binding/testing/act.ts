import type {Keys} from "../../../../profiles/dataplane.ts"
import type {KubeObject} from "../../../../profiles/snapshot/object.ts"
import type {StatefulSet} from "../../../../profiles/snapshot/shapes.ts"
import {apiVersion, bindingName, finalizers, labels as names} from "../../../api/names.ts"
import {applyStep} from "../../../plan/testing/simulate.ts"
import {isoTime} from "../../iso-time.ts"
import type {Action} from "../actions.ts"
import {annotationsOf} from "../annotations.ts"
import {controllerRevision} from "../pre-image.ts"
import type {BindingStatus} from "../record.ts"
import {keyOf, type SimCluster, templateHash} from "./cluster.ts"

export const bindingRef = (namespace: string): string => `MeshBinding/${namespace}/${bindingName}`

/** What `carryOut` makes of an action on a real API server, on the objects of a simulated one. */
export function carryOut(cluster: SimCluster, namespace: string, action: Action): void {
	switch (action.type) {
		case "ensureBinding":
			cluster.put(ensured(cluster.find(bindingRef(namespace)), namespace, action))
			break
		case "releaseBinding":
			release(cluster, namespace)
			break
		case "deleteBinding":
			remove(cluster, bindingRef(namespace))
			break
		case "namespaceKeys":
			setNamespaceKeys(cluster, action.object.metadata.name, action.keys)
			break
		case "template":
			patchTemplate(cluster, keyOf(action.object), action.keys)
			break
		case "partition":
			lowerPartition(cluster, keyOf(action.object), action.partition)
			break
		case "preImage":
			keep(cluster, namespace, action)
			break
		case "apply":
			cluster.put({...cluster.find(keyOf(action.manifest)), ...action.manifest})
			break
		case "delete":
			for (const pod of cluster.podsOf(cluster.find(keyOf(action.object)) ?? action.object))
				cluster.remove(pod)
			cluster.remove(action.object)
			break
		case "forget":
			for (const {name} of action.images) remove(cluster, `ControllerRevision/${namespace}/${name}`)
	}
}

/** Also what a person does with `kubectl label namespace`: what follows labels at once follows. */
export function setNamespaceKeys(cluster: SimCluster, name: string, keys: Keys): void {
	const step = {id: "", action: "Apply", object: `Namespace/${name}`, note: "", keys} as const
	cluster.replaceAll(applyStep(cluster.objects, step))
}

export function patchTemplate(cluster: SimCluster, object: string, keys: Keys): void {
	const step = {id: "", action: "Template", object, note: "", keys} as const
	change(cluster, object, () => cluster.replaceAll(applyStep(cluster.objects, step)))
}

function lowerPartition(cluster: SimCluster, object: string, partition: number): void {
	const updateStrategy = {type: "RollingUpdate", rollingUpdate: {partition}}
	change(cluster, object, (owner) =>
		cluster.put({...owner, spec: {...(owner as StatefulSet).spec, updateStrategy}} as KubeObject),
	)
}

/** Deletes as the API server does: an object with finalizers stays until the last of them is given up. */
export function remove(cluster: SimCluster, ref: string): void {
	const object = cluster.find(ref)
	if (object === undefined) return
	const metadata = {...object.metadata, deletionTimestamp: isoTime(cluster.now)}
	if ((object.metadata.finalizers ?? []).length === 0) cluster.remove(object)
	else cluster.put({...object, metadata})
}

/** A change of the spec raises the generation, and no change does not. */
export function change(cluster: SimCluster, ref: string, edit: (object: KubeObject) => void): void {
	const before = cluster.find(ref)
	if (before === undefined) return
	edit(before)
	const after = cluster.find(ref)
	if (after === undefined || specOf(after) === specOf(before)) return
	cluster.put({
		...after,
		metadata: {...after.metadata, generation: (before.metadata.generation ?? 0) + 1},
	} as KubeObject)
}

/** Empty maps that a patch leaves behind are no change: the template's own hash leaves them out. */
function specOf(object: KubeObject): string {
	const {template: _, ...spec} = (object as KubeObject & {spec?: {template?: unknown}}).spec ?? {}
	return `${templateHash(object)} ${JSON.stringify(spec)}`
}

function ensured(
	known: KubeObject | undefined,
	namespace: string,
	{profile, images}: Extract<Action, {type: "ensureBinding"}>,
): KubeObject {
	return {
		...(known ?? {apiVersion, kind: "MeshBinding", spec: {hold: false, target: "Desired"}}),
		metadata: {
			generation: 1,
			...known?.metadata,
			name: bindingName,
			namespace,
			labels: {...known?.metadata.labels, [names.profile]: profile},
			annotations: annotationsOf(images),
			finalizers: [finalizers.binding],
		},
	} as KubeObject
}

function release(cluster: SimCluster, namespace: string): void {
	const binding = cluster.find(bindingRef(namespace))
	if (binding === undefined) return
	const {labels: _, annotations: __, finalizers: ___, ...metadata} = binding.metadata
	if (metadata.deletionTimestamp === undefined) cluster.put({...binding, metadata})
	else cluster.remove(binding)
}

function keep(
	cluster: SimCluster,
	namespace: string,
	{migration, ref}: Extract<Action, {type: "preImage"}>,
): void {
	const revision = controllerRevision({migration, ref, namespace, object: cluster.find(ref) ?? null})
	if (cluster.find(keyOf(revision)) !== undefined) return
	cluster.put({...revision, metadata: {...revision.metadata, creationTimestamp: isoTime(cluster.now)}})
}

export function storeStatus(cluster: SimCluster, namespace: string, status: BindingStatus): void {
	const binding = cluster.find(bindingRef(namespace))
	if (binding !== undefined) cluster.put({...binding, status} as KubeObject)
}
