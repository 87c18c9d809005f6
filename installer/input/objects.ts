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
	const objects: Placed[] = []
	collect(found, objects)
	return objects
}

/** Called for every object of a dump, so it makes nothing that it does not keep. */
function collect(found: Found, into: Placed[]): void {
	const {value} = found
	if (Array.isArray(value)) {
		for (const [i, item] of value.entries()) collect(element(found, item, i, ""), into)
		return
	}
	if (!isFields(value))
		throw refused(
			found,
			"is not a Kubernetes object",
			"A file holds objects with apiVersion, kind and metadata.",
		)
	const {apiVersion, kind} = value
	if (!isText(apiVersion)) throw incomplete(found, "apiVersion")
	if (!isText(kind)) throw incomplete(found, "kind")
	if (kind.endsWith("List") && Array.isArray(value.items)) {
		listItems(found, {apiVersion, kind, items: value.items}, into)
		return
	}
	if (apiVersion.startsWith("kustomize.config.k8s.io/")) return
	checkMetadata(found, value)
	into.push({object: value as KubeObject, found})
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== ""

const incomplete = (found: Found, field: string) =>
	refused(
		found,
		`has no ${field}`,
		"Every object needs apiVersion and kind; leave other files out of the folder.",
	)

type List = {readonly apiVersion: string; readonly kind: string; readonly items: readonly unknown[]}

/** The items of a typed list, such as a PodList of the API, do not repeat their kind. */
function listItems(found: Found, list: List, into: Placed[]): void {
	const kind = list.kind.slice(0, -"List".length)
	for (const [i, item] of list.items.entries()) {
		const typed =
			kind !== "" && isFields(item) && (item.kind === undefined || item.apiVersion === undefined)
				? {apiVersion: list.apiVersion, kind, ...item}
				: item
		collect(element(found, typed, i, "items"), into)
	}
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
	checkStrings(found, object, "labels")
	checkStrings(found, object, "annotations")
}

function checkStrings(found: Found, object: Fields, field: "labels" | "annotations"): void {
	const {[field]: map, name} = object.metadata as Fields
	if (map === undefined || map === null) return
	const wrong = isFields(map) ? Object.keys(map).find((key) => typeof map[key] !== "string") : field
	if (wrong === undefined) return
	throw refused(
		found,
		`(${String(object.kind)}/${String(name)}) has metadata.${field} whose ${JSON.stringify(wrong)} is not a string`,
		'Put the value in quotes, such as "true" or "1".',
	)
}

const refused = (found: Found, what: string, fix: string) =>
	invalidInput(`${placeOf(found)} ${what}`, {tryMessage: fix})
