import {Namespace, namespaced} from "../../../profiles/snapshot/kinds.ts"
import {addressOf, type KubeObject} from "../../../profiles/snapshot/object.ts"
import {MeshBinding} from "../../api/kinds.ts"
import {apiVersion, bindingName, fieldManagers, finalizers, labels as names} from "../../api/names.ts"
import {isConflict, isKubeError, isNotFound} from "../../kube/errors.ts"
import type {Client} from "../../kube/types.ts"
import type {Action} from "./actions.ts"
import {annotationsOf} from "./annotations.ts"
import {controllerRevision} from "./pre-image.ts"
import type {BindingStatus} from "./record.ts"
import {kindOfRef} from "./touched.ts"
import type {View} from "./view.ts"
import {parseRef, templatePatch} from "./workload.ts"

export const ControllerRevision = namespaced<KubeObject>(
	"apps",
	"v1",
	"ControllerRevision",
	"controllerrevisions",
)

export type Writer = {
	readonly client: Client
	readonly namespace: string
	readonly view: View
	readonly signal: AbortSignal
}

/** Carries out one action. Throws a KubeError; what was done before stays done and is found again. */
export async function carryOut(action: Action, writer: Writer): Promise<void> {
	const {client, namespace, view, signal} = writer
	const enrolment = {manager: fieldManagers.enrolment, signal}
	switch (action.type) {
		case "ensureBinding":
			return take(
				writer,
				await client.apply(bindingOf(namespace, action), {
					manager: fieldManagers.binding,
					force: true,
					signal,
				}),
			)
		case "releaseBinding":
			return release(writer)
		case "deleteBinding":
			return leaveBinding(writer)
		case "namespaceKeys": {
			const exact = precisely(view, action.object)
			const patch = {...exact, metadata: {...exact.metadata, ...action.keys}}
			return take(writer, await client.mergePatch(patch, enrolment))
		}
		case "template": {
			const patch = {...precisely(view, action.object), spec: templatePatch(action.object.kind, action.keys)}
			return take(writer, await client.mergePatch(patch, enrolment))
		}
		case "partition": {
			const updateStrategy = {type: "RollingUpdate", rollingUpdate: {partition: action.partition}}
			const patch = {...precisely(view, action.object), spec: {updateStrategy}}
			return take(writer, await client.mergePatch(patch, enrolment))
		}
		case "preImage":
			return keep(writer, action)
		case "apply":
			return take(
				writer,
				await client.apply(action.manifest, {manager: fieldManagers.binding, force: true, signal}),
			)
		case "delete": {
			const {object} = action
			await client.delete(
				kindOfRef(addressOf(object)),
				object.metadata.name,
				object.metadata.namespace,
				uidOf(object, signal),
			)
			return view.remove(object)
		}
		case "forget":
			for (const {name} of action.images) await client.delete(ControllerRevision, name, namespace, {signal})
			return
	}
}

/** Its finalizer keeps it for now; this pass has to see that it goes, or it would delete it over and over. */
async function leaveBinding({client, namespace, view, signal}: Writer): Promise<void> {
	await client.delete(MeshBinding, bindingName, namespace, {signal})
	const binding = view.get(MeshBinding, bindingName, namespace)
	if (binding === undefined) return
	const deletionTimestamp = binding.metadata.deletionTimestamp ?? new Date(0).toISOString()
	view.put({...binding, metadata: {...binding.metadata, deletionTimestamp}} as KubeObject)
}

/** An apply without the finalizer gives it up, and nothing that is another's. With the uid it makes nothing anew. */
async function release({client, namespace, view, signal}: Writer): Promise<void> {
	const binding = view.get(MeshBinding, bindingName, namespace)
	const uid = binding?.metadata.uid
	if (binding === undefined || uid === undefined) return
	const {metadata, ...type} = identity(namespace)
	try {
		await client.apply(
			{...type, metadata: {...metadata, uid}},
			{manager: fieldManagers.binding, force: true, signal},
		)
	} catch (error) {
		if (!isNotFound(error) && !isConflict(error)) throw error
	}
	view.remove(binding)
}

/**
 * Stores the object as the API server has it now, whole: the caches keep only what the planner reads. One that is
 * stored already is the right one, since it was taken before the first change.
 */
async function keep(
	{client, namespace, signal}: Writer,
	{migration, ref}: Extract<Action, {type: "preImage"}>,
): Promise<void> {
	const {name} = parseRef(ref)
	const object = (await client.get(kindOfRef(ref), name, namespace, signal)) ?? null
	try {
		await client.create(controllerRevision({migration, ref, namespace, object}), {
			manager: fieldManagers.binding,
			signal,
		})
	} catch (error) {
		if (!isKubeError(error) || error.reason !== "AlreadyExists") throw error
	}
}

const take = ({view}: Writer, object: KubeObject): void => view.put(object)

const identity = (namespace: string) => ({
	apiVersion,
	kind: "MeshBinding",
	metadata: {name: bindingName, namespace},
})

function bindingOf(
	namespace: string,
	{profile, images}: Extract<Action, {type: "ensureBinding"}>,
): KubeObject {
	const {metadata, ...type} = identity(namespace)
	return {
		...type,
		metadata: {
			...metadata,
			labels: {[names.profile]: profile},
			annotations: annotationsOf(images),
			finalizers: [finalizers.binding],
		},
	}
}

/**
 * Names exactly the object that the decision was made on: of this uid, and as it was when it was read (or as this
 * pass itself left it). Anything else is a conflict, and is decided anew.
 */
function precisely(view: View, object: KubeObject) {
	const {apiVersion, kind, metadata} = object
	const {name, namespace, uid} = metadata
	const type = kind === "Namespace" ? Namespace : kindOfRef(addressOf(object))
	const {resourceVersion} = view.get(type, name, namespace)?.metadata ?? metadata
	return {
		apiVersion,
		kind,
		metadata: {
			name,
			...(namespace === undefined ? {} : {namespace}),
			...(uid === undefined ? {} : {uid}),
			...(resourceVersion === undefined ? {} : {resourceVersion}),
		},
	}
}

const uidOf = ({metadata: {uid}}: KubeObject, signal: AbortSignal) => ({
	signal,
	...(uid === undefined ? {} : {uid}),
})

/** Stores the status, all of it: what this operator no longer says is gone from it. */
export async function storeStatus(writer: Writer, status: BindingStatus): Promise<void> {
	const object = {...identity(writer.namespace), status}
	take(
		writer,
		await writer.client.applyStatus(object as KubeObject, {
			manager: fieldManagers.status,
			force: true,
			signal: writer.signal,
		}),
	)
}
