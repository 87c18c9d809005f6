import {Namespace} from "../../../profiles/snapshot/kinds.ts"
import type {Namespace as NamespaceShape} from "../../../profiles/snapshot/shapes.ts"
import type {Action, NamespaceImages} from "./actions.ts"
import {imagesOf} from "./annotations.ts"
import type {Observation} from "./observation.ts"
import type {BindingStatus} from "./record.ts"

/**
 * A MeshBinding that is deleted by hand while a profile still wants it takes the record with it. What only it knew is
 * laid on the namespace for the moment until the next one takes it up: without it the state that Heddle made would be
 * taken for the state before Heddle.
 */
type Kept = {
	readonly images: NamespaceImages
	readonly record: Pick<BindingStatus, "migration" | "history">
}

const key = "heddle.dev/kept"

/** Annotations of one object may be 256 KiB altogether. */
const mostCharacters = 100_000

/** What to write before the binding is let go; nothing when that is already there. */
export function keep({binding, snapshot, namespace}: Observation): readonly Action[] {
	const object = snapshot.get(Namespace, namespace)
	if (binding === undefined || object === undefined) return []
	const {migration, history} = binding.status ?? {}
	const record = {
		...(migration === undefined ? {} : {migration}),
		...(history === undefined ? {} : {history}),
	}
	const whole: Kept = {images: imagesOf(binding), record}
	const text = JSON.stringify(whole)
	// Without its steps a migration goes on all the same: they are planned anew from what stands.
	const value = text.length <= mostCharacters ? text : JSON.stringify(withoutSteps(whole))
	return object.metadata.annotations?.[key] === value ? [] : [annotate(object, value)]
}

function withoutSteps({images, record}: Kept): Kept {
	if (record.migration === undefined) return {images, record}
	const {steps: _, ...migration} = record.migration
	return {images, record: {...record, migration}}
}

/** What a binding that was deleted by hand has left. What is not readable is nothing. */
export function keptOn(object: NamespaceShape | undefined): Kept | undefined {
	const text = object?.metadata.annotations?.[key]
	if (text === undefined) return undefined
	const nothing: Kept = {images: {}, record: {}}
	try {
		const {images, record} = JSON.parse(text) as Partial<Kept>
		return images === undefined || record === undefined ? nothing : {images, record}
	} catch {
		return nothing
	}
}

export const drop = (object: NamespaceShape): Action => annotate(object, null)

const annotate = (object: NamespaceShape, value: string | null): Action => ({
	type: "namespaceKeys",
	object,
	keys: {labels: {}, annotations: {[key]: value}},
})
