import type {Keys} from "../../../profiles/dataplane.ts"
import {Namespace} from "../../../profiles/snapshot/kinds.ts"
import type {KubeObject, StringMap} from "../../../profiles/snapshot/object.ts"
import type {Deployment, PodTemplate, StatefulSet} from "../../../profiles/snapshot/shapes.ts"
import type {Snapshot} from "../../../profiles/snapshot/snapshot.ts"
import {ownedAnnotations, roleOf} from "../../../profiles/translate/owned.ts"
import {annotations as names} from "../../api/names.ts"
import {covers} from "../../plan/covers.ts"
import {isEmpty, type Present} from "../../plan/enrolment.ts"
import {isTwin} from "../../plan/workloads/twins.ts"
import type {Action, Transition} from "./actions.ts"
import type {Pass} from "./forward.ts"
import type {Observation} from "./observation.ts"
import type {NamespaceImage, OriginalKeys, PreImage} from "./pre-image.ts"
import {ownedBy} from "./pre-image.ts"
import type {BindingStatus, Migration, StepRecord} from "./record.ts"
import {end} from "./record.ts"
import {rollout} from "./rollout.ts"
import {kindOfRef, objectAt} from "./touched.ts"
import {parseRef} from "./workload.ts"

/** The way back: the namespace as it was, and every object as it was. */
export type Way = {readonly namespace: NamespaceImage | undefined; readonly images: readonly PreImage[]}

/** What one object still needs, or why it is not there yet. */
type Undo = {
	readonly ref: string
	readonly done: boolean
	readonly actions: readonly Action[]
	readonly message?: string
}

/**
 * Takes everything that migrations touched back to what it was: first the namespace's default, so that no new pod
 * starts where the others leave, then the workloads one by one, then the objects that a migration brought. Callers
 * leave such an object last of all before it goes: until then it enforces what the pods behind it do not.
 */
export function back(
	observation: Observation,
	status: BindingStatus,
	migration: Migration,
	args: {way: Way; now: number},
): Pass {
	const {way, now} = args
	const undone = inOrder(observation, way, now)
	const current = undone.find(({done}) => !done)
	const finished = new Set(undone.filter(({done}) => done).map(({ref}) => ref))
	const steps = (migration.steps ?? []).map((step) => undoneStep(step, finished))
	if (current !== undefined) {
		const message = `${current.ref}: ${current.message ?? "is being taken back"}`
		return {
			status: {...status, migration: {...migration, state: "RollingBack", steps, message}},
			actions: current.actions,
			transitions: [],
			recordFirst: false,
		}
	}
	const failed = steps.find(({state}) => state === "Failed")
	const why = failed === undefined ? "" : `: ${failed.object ?? failed.id}: ${failed.message}`
	const message = `back on ${way.namespace?.from ?? migration.from ?? "the state before"}${why}`
	const transitions: Transition[] = [
		{type: "Normal", reason: "RolledBack", action: "RollBack", note: message},
	]
	return {
		status: end(status, {...migration, steps}, {state: "RolledBack", message, now}),
		actions: [],
		transitions,
		recordFirst: false,
	}
}

/** A step that failed stays marked as such, undone or not: it is why. */
const undoneStep = (step: StepRecord, finished: ReadonlySet<string>): StepRecord =>
	step.object !== undefined &&
	finished.has(step.object) &&
	(step.state === "Done" || step.state === "Running")
		? {...step, state: "Undone"}
		: step

/** Lazily: a later object is not even looked at before the earlier ones are done. */
function inOrder(observation: Observation, {namespace, images}: Way, now: number): readonly Undo[] {
	if (namespace === undefined) return [noImage(observation)]
	const ordered = images.toSorted((a, b) => (a.ref < b.ref ? -1 : 1))
	const objects = ordered.filter((image) => !isRolled(image))
	const [early, late] = split(objects, (image) => comesFirst(observation, image))
	const undo = (image: PreImage) => () => undoObject(observation, image)
	const undos: readonly (() => Undo)[] = [
		...restoredFirst(early).map(undo),
		() => undoNamespace(observation, namespace, (key, value) => !isLeftLast(key, value)),
		...ordered.filter(isRolled).map((image) => () => undoWorkload(observation, image, now)),
		() => undoNamespace(observation, namespace, isLeftLast),
		...restoredFirst(late).map(undo),
	]
	const found: Undo[] = []
	for (const undo of undos) {
		found.push(undo())
		if (found.at(-1)?.done === false) break
	}
	return found
}

/** What is brought back comes before what is taken away: a policy is never missing in between. */
const restoredFirst = (images: readonly PreImage[]): readonly PreImage[] => {
	const [restored, removed] = split(images, ({object}) => object !== null)
	return [...restored, ...removed]
}

function split<T>(items: readonly T[], first: (item: T) => boolean): readonly [readonly T[], readonly T[]] {
	return [items.filter(first), items.filter((item) => !first(item))]
}

/**
 * A policy that the move retired has to be there again before the first pod is back where it is enforced, unless a
 * stand-in enforces it until then. What says so of itself goes before the pods do.
 */
function comesFirst({snapshot}: Observation, {ref, object}: PreImage): boolean {
	const current = objectAt(snapshot, ref)
	if (object === null) return current?.metadata.annotations?.[ownedAnnotations.undo] === "first"
	return current === undefined && !stoodInFor(snapshot, ref)
}

const stoodInFor = (snapshot: Snapshot, ref: string): boolean =>
	snapshot
		.list(kindOfRef(ref), parseRef(ref).namespace)
		.some((one) => roleOf(one) === "stand-in" && one.metadata.annotations?.[ownedAnnotations.source] === ref)

const isWorkload = (ref: string) => /^(Deployment|StatefulSet|DaemonSet|CronJob|Job)\//.test(ref)

/** Its template goes back. A workload that was not there is a copy of Heddle's, or none of its business. */
const isRolled = ({ref, object}: PreImage): boolean => isWorkload(ref) && object !== null

/**
 * What leads back to the keys of dataplanes as they were: what is there now and was not then is to go. Pre-images
 * stand where the owner of the namespace may write: a key that is no dataplane's is not believed.
 */
function inverse({dataplanes}: Observation, present: Present, was: OriginalKeys): Keys {
	const side = (current: StringMap = {}, before: StringMap) => {
		const wanted = {
			...Object.fromEntries(Object.keys(ownedBy(dataplanes, current)).map((key) => [key, null])),
			...ownedBy(dataplanes, before),
		}
		return Object.fromEntries(
			Object.entries(wanted).filter(([key, value]) => (current[key] ?? null) !== value),
		)
	}
	return {labels: side(present.labels, was.labels), annotations: side(present.annotations, was.annotations)}
}

/** Without its pre-image the namespace is not guessed at: the roll-back stops before anything else and says so. */
const noImage = ({namespace}: Observation): Undo => ({
	ref: `Namespace/${namespace}`,
	done: false,
	actions: [],
	message:
		"its pre-image is missing from this MeshBinding's annotations; set the labels by hand and delete the MeshBinding",
})

/** The label that leads callers through a waypoint, where it is to go. Where it is to come back, it comes first. */
const isLeftLast = (key: string, value: string | null): boolean =>
	value === null && key.startsWith("istio.io/use-waypoint")

function undoNamespace(
	observation: Observation,
	image: NamespaceImage,
	belongs: (key: string, value: string | null) => boolean,
): Undo {
	const object = observation.snapshot.get(Namespace, observation.namespace)
	const ref = `Namespace/${observation.namespace}`
	if (object === undefined) return {ref, done: true, actions: []}
	const all = inverse(observation, object.metadata, image)
	const only = (part: Keys["labels"]) =>
		Object.fromEntries(Object.entries(part).filter(([key, value]) => belongs(key, value)))
	const keys = {labels: only(all.labels), annotations: only(all.annotations)}
	if (isEmpty(keys)) return {ref, done: true, actions: []}
	return {ref, done: false, actions: [{type: "namespaceKeys", object, keys}]}
}

type Templated = {
	readonly spec?: {
		readonly template?: PodTemplate
		readonly jobTemplate?: {readonly spec?: {readonly template?: PodTemplate}}
	}
}

function keysThen({dataplanes}: Observation, object: KubeObject): OriginalKeys {
	const {spec} = object as KubeObject & Templated
	const {labels, annotations} = (spec?.template ?? spec?.jobTemplate?.spec?.template)?.metadata ?? {}
	return {labels: ownedBy(dataplanes, labels), annotations: ownedBy(dataplanes, annotations)}
}

function undoWorkload(observation: Observation, {ref, object}: PreImage, now: number): Undo {
	const workload = observation.workloads.find((one) => one.ref === ref)
	if (workload?.object === undefined || object === null) return {ref, done: true, actions: []}
	const was = keysThen(observation, object)
	const state = rollout({
		workload,
		missing: (present) => inverse(observation, present, was),
		to: undefined,
		now,
	})
	const partition = partitionThen(workload.object, object)
	switch (state.phase) {
		case "gone":
			return {ref, done: true, actions: []}
		case "complete":
			return {ref, done: partition.length === 0, actions: partition}
		case "unpatched": {
			const template: Action = {type: "template", object: workload.object, keys: state.keys}
			return {ref, done: false, actions: [template, ...partition], message: "its pod template goes back"}
		}
		case "waiting":
			// What its owner held back, by a partition or a pause, had never moved.
			if (partition.length === 0 && (state.partition !== undefined || isPaused(object)))
				return {ref, done: true, actions: []}
			return {ref, done: false, actions: partition, message: state.message}
		case "failed":
			// It was serving before; waiting for its owner is all that is left, and the status says so.
			return {ref, done: false, actions: partition, message: state.message}
	}
}

const isPaused = (object: KubeObject): boolean => (object as Deployment).spec?.paused === true

/** The partition as its owner had set it: the StatefulSet's own controller then takes its pods back one by one. */
export function partitionThen(object: KubeObject, was: KubeObject): readonly Action[] {
	const then = updatesOf(was)
	if (object.kind !== "StatefulSet" || then.type === "OnDelete") return []
	const partition = then.rollingUpdate?.partition ?? 0
	return (updatesOf(object).rollingUpdate?.partition ?? 0) === partition
		? []
		: [{type: "partition", object, partition}]
}

const updatesOf = (object: KubeObject) => (object as StatefulSet).spec?.updateStrategy ?? {}

/** An object that a migration brought goes; one that it changed is applied as it was. */
function undoObject({snapshot}: Observation, {ref, object}: PreImage): Undo {
	const current = objectAt(snapshot, ref)
	if (object === null) {
		const brought = current !== undefined && (!isWorkload(ref) || isTwin(current))
		return {ref, done: !brought, actions: brought ? [{type: "delete", object: current}] : []}
	}
	const {uid: _, creationTimestamp: __, ...metadata} = object.metadata
	const done = covers(current, specOf(object))
	return {ref, done, actions: done ? [] : [{type: "apply", manifest: {...object, metadata}}]}
}

/** An object that holds more than it did covers its own past: where a digest of its spec was, it has to be back too. */
function specOf(object: KubeObject) {
	const {spec} = object as KubeObject & {spec?: unknown}
	const digest = object.metadata.annotations?.[names.specDigest]
	return {spec, ...(digest === undefined ? {} : {metadata: {annotations: {[names.specDigest]: digest}}})}
}
