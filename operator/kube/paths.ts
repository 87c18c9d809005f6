import type {Doing} from "./errors.ts"

/** Where the API serves a resource. */
export type Place = {
	readonly group: string
	readonly version: string
	readonly plural: string
	readonly namespaced: boolean
}

type Target = {
	readonly namespace?: string | undefined
	readonly name?: string | undefined
	readonly subresource?: string | undefined
}
export type Query = Readonly<Record<string, string | number | boolean | undefined>>

/** The path of a collection, of an object, or of a part of it. Every part is escaped: names come from users. */
export function pathOf(place: Place, {namespace, name, subresource}: Target, query: Query = {}): string {
	const root = place.group === "" ? ["api", place.version] : ["apis", place.group, place.version]
	const scope = namespace === undefined || !place.namespaced ? [] : ["namespaces", namespace]
	const rest = [name, subresource].filter((part) => part !== undefined)
	const path = [...root, ...scope, place.plural, ...rest].map(segment).join("/")
	const asked = Object.entries(query).flatMap(([key, value]) =>
		value === undefined ? [] : [`${key}=${encodeURIComponent(value)}`],
	)
	return `/${path}${asked.length === 0 ? "" : `?${asked.join("&")}`}`
}

/** A name of dots alone would be resolved to another path before it is sent. */
function segment(part: string): string {
	if (part === "" || part === "." || part === "..")
		throw new TypeError(`${JSON.stringify(part)} is no name of an object`)
	return encodeURIComponent(part)
}

/** What messages call a resource: `pods`, `deployments.apps`, `meshbindings.heddle.dev/status`. */
export function resourceName({group, plural}: {group: string; plural: string}, subresource?: string): string {
	return `${plural}${group === "" ? "" : `.${group}`}${subresource === undefined ? "" : `/${subresource}`}`
}

export function doingOf(verb: string, place: Place, {namespace, name, subresource}: Target): Doing {
	return {verb, resource: resourceName(place, subresource), namespace, name}
}
