import type {Dataplane, Enrolment, Installation, Keys} from "../../profiles/dataplane.ts"
import type {StringMap} from "../../profiles/snapshot/object.ts"
import type {Installed} from "./facts.ts"

/** Labels and annotations as they stand on a namespace or a pod template. */
export type Present = {readonly labels?: StringMap; readonly annotations?: StringMap}

type Level = keyof Enrolment
type Part = keyof Keys

const parts: readonly Part[] = ["labels", "annotations"]

export const noKeys: Keys = {labels: {}, annotations: {}}

export const isEmpty = (keys: Keys): boolean => parts.every((part) => Object.keys(keys[part]).length === 0)

export type Wish = {
	readonly level: Level
	readonly present: Present
	readonly target: Installed
	readonly dataplanes: readonly Dataplane[]
	/** Names of the dataplanes that are installed: an explicit opt-out is written for each of the others. */
	readonly installed: ReadonlySet<string>
}

/**
 * What has to change so that pods are the target's and nobody else's: one patch that enrols and leaves at once, so
 * that no pod is ever born into two dataplanes. Holds only what differs from what is present.
 */
export function keysToChange(wish: Wish): Keys {
	return {labels: changes(wish, "labels"), annotations: changes(wish, "annotations")}
}

function changes(
	{level, present, target, dataplanes, installed}: Wish,
	part: Part,
): Readonly<Record<string, string | null>> {
	const now = present[part] ?? {}
	const wanted: Record<string, string | null> = {}
	const strange = Object.keys(now).filter((key) => !target.dataplane.owns(key))
	for (const other of dataplanes) {
		if (other.name === target.dataplane.name) continue
		const foreign = strange.filter((key) => other.owns(key))
		for (const key of foreign) wanted[key] = null
		if (installed.has(other.name) || foreign.length > 0)
			Object.assign(wanted, left(other.leave()[level][part], target))
	}
	Object.assign(wanted, target.dataplane.enrol(target.installation)[level][part])
	return Object.fromEntries(Object.entries(wanted).filter(([key, value]) => (now[key] ?? null) !== value))
}

/** A key that two dataplanes share, such as a waypoint's, is not taken from the one that keeps it. */
const left = (keys: Keys[Part], {dataplane}: Installed): Keys[Part] =>
	Object.fromEntries(Object.entries(keys).filter(([key, value]) => value !== null || !dataplane.owns(key)))

/** What an object with these keys becomes once they are changed. */
export function withKeys(present: Present, keys: Keys): Required<Present> {
	const change = (now: StringMap = {}, by: Keys[Part]) =>
		Object.fromEntries(
			Object.entries({...now, ...by}).filter((entry): entry is [string, string] => entry[1] !== null),
		)
	return {
		labels: change(present.labels, keys.labels),
		annotations: change(present.annotations, keys.annotations),
	}
}

/** Present keys say what these keys set; false when these set nothing. */
function says(present: Present, keys: Keys, {ignoresCase}: Dataplane): boolean {
	let set = false
	for (const part of parts) {
		const now = present[part]
		for (const [key, value] of Object.entries(keys[part])) {
			if (value === null) continue
			const found = now?.[key]
			if (found !== value && !(ignoresCase && found?.toLowerCase() === value.toLowerCase())) return false
			set = true
		}
	}
	return set
}

/** A label that the enrolment speaks of names the revision or one of its tags. */
function namesRevision(present: Present, {labels}: Keys, {revision, tags}: Installation): boolean {
	return Object.keys(labels).some((key) => {
		const value = present.labels?.[key]
		return value !== undefined && (value === revision || tags.includes(value))
	})
}

/** A label that this enrolment would leave out is there, and stands for another revision. */
function namesAnother(present: Present, {labels}: Keys, {revision, tags}: Installation): boolean {
	return Object.entries(labels).some(([key, wanted]) => {
		const value = present.labels?.[key]
		return wanted === null && value !== undefined && value !== revision && !tags.includes(value)
	})
}

const enrols = (present: Present, keys: Keys, {dataplane, installation}: Installed): boolean =>
	says(present, keys, dataplane) || namesRevision(present, keys, installation)

/** The keys opt out of a dataplane by name. */
export function optsOut(present: Present, dataplane: Dataplane): boolean {
	const {template} = dataplane.leave()
	return parts.some((part) =>
		Object.entries(template[part]).some(([key, value]) => value !== null && present[part]?.[key] === value),
	)
}

/**
 * The installations that new pods of a template would be given to, by what the template and its namespace say. The
 * template's own word goes first. For what has no pods: where there are pods, they are asked.
 */
export function declared(
	namespace: Present,
	template: Present,
	installed: readonly Installed[],
): readonly Installed[] {
	return installed.filter((one) => {
		const {dataplane, installation} = one
		const keys = dataplane.enrol(installation)
		if (optsOut(template, dataplane)) return false
		const other = namesAnother(template, keys.template, installation)
		if (!other && enrols(template, keys.template, one)) return true
		return enrols(namespace, keys.namespace, one)
	})
}
