import type {KubeObject} from "../../profiles/snapshot/object.ts"
import {invalidInput} from "../abort.ts"
import type {Found} from "./source.ts"
import {placeOf} from "./source.ts"

/** An object, and where it stands. */
export type Placed = {readonly object: KubeObject; readonly found: Found}

type Fields = Readonly<Record<string, unknown>>
const isFields = (value: unknown): value is Fields =>
	typeof value === "object" && value !== null && !Array.isArray(value)

/**
 * The objects of one value: itself, or the items of a `List` of any kind. What is read here and not only passed on
 * is checked, since nobody has validated it; the rest is the API server's to judge.
 * @throws AbortError naming the file and the line of what is not a Kubernetes object
 */
export function objectsOf(found: Found): Placed[] {
	const {value} = found
	if (Array.isArray(value)) return value.flatMap((item: unknown, i) => objectsOf(element(found, item, i, "")))
	if (!isFields(value))
		throw refused(
			found,
			"is not a Kubernetes object",
			"A file holds objects with apiVersion, kind and metadata.",
		)
	const {apiVersion, kind} = value
	for (const [field, given] of Object.entries({apiVersion, kind})) {
		if (typeof given !== "string" || given === "")
			throw refused(
				found,
				`has no ${field}`,
				"Every object needs apiVersion and kind; leave other files out of the folder.",
			)
	}
	if (String(kind).endsWith("List") && Array.isArray(value.items)) return listItems(found, value, value.items)
	if (String(apiVersion).startsWith("kustomize.config.k8s.io/")) return []
	checkMetadata(found, value)
	return [{object: value as KubeObject, found}]
}

/** The items of a typed list, such as a PodList of the API, do not repeat their kind. */
function listItems(found: Found, list: Fields, items: readonly unknown[]): Placed[] {
	const kind = String(list.kind).slice(0, -"List".length)
	return items.flatMap((item, i) => {
		const typed = kind !== "" && isFields(item) ? {apiVersion: list.apiVersion, kind, ...item} : item
		return objectsOf(element(found, typed, i, "items"))
	})
}

function element(found: Found, value: unknown, index: number, field: string): Found {
	const line = found.itemLines?.[index] ?? found.line
	return {
		value,
		file: found.file,
		at: `${found.at ?? ""}${field}[${index}]`,
		...(line === undefined ? {} : {line}),
	}
}

function checkMetadata(found: Found, object: Fields): void {
	const {metadata} = object
	if (!isFields(metadata) || typeof metadata.name !== "string" || metadata.name === "") {
		throw refused(found, `(${String(object.kind)}) has no metadata.name`, "Give it a name.")
	}
	if (metadata.namespace !== undefined && typeof metadata.namespace !== "string") {
		throw refused(
			found,
			`(${String(object.kind)}/${metadata.name}) has a metadata.namespace that is not a string`,
			"Put it in quotes.",
		)
	}
	for (const field of ["labels", "annotations"]) {
		const map = metadata[field]
		if (map === undefined || map === null) continue
		const wrong = isFields(map) ? Object.entries(map).find(([, entry]) => typeof entry !== "string") : [field]
		if (wrong !== undefined) {
			throw refused(
				found,
				`(${String(object.kind)}/${metadata.name}) has metadata.${field} whose ${JSON.stringify(wrong[0])} is not a string`,
				'Put the value in quotes, such as "true" or "1".',
			)
		}
	}
}

const refused = (found: Found, what: string, fix: string) =>
	invalidInput(`${placeOf(found)} ${what}`, {tryMessage: fix})
