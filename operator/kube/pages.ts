import type {KubeObject} from "../../profiles/snapshot/object.ts"
import type {Http} from "./http.ts"
import {doingOf, type Place, pathOf} from "./paths.ts"
import type {ListOptions} from "./types.ts"

export type Page<T> = {readonly items: readonly T[]; readonly resourceVersion: string}

type ListAnswer = {
	readonly metadata?: {readonly continue?: string; readonly resourceVersion?: string}
	readonly items?: readonly object[] | null
}

/** A list page by page, all of one version of the cluster. Throws 410 when that version is gone midway. */
export async function* listPages<T extends KubeObject>(
	http: Http,
	place: Place,
	kind: string,
	options: ListOptions,
): AsyncGenerator<Page<T>> {
	const {namespace, labelSelector, fieldSelector, limit = 500, accept, signal} = options
	const apiVersion = place.group === "" ? place.version : `${place.group}/${place.version}`
	let next: string | undefined
	do {
		const path = pathOf(place, {namespace}, {labelSelector, fieldSelector, limit, continue: next})
		const answer = (await http.request({
			method: "GET",
			...(accept === undefined ? {} : {accept}),
			path,
			doing: doingOf("list", place, {namespace}),
			signal,
		})) as ListAnswer
		// Items of built-in kinds do not say what they are, and metadata alone says that it is metadata.
		const items = (answer.items ?? []).map((item) => ({...item, apiVersion, kind}) as T)
		yield {items, resourceVersion: answer.metadata?.resourceVersion ?? ""}
		next = answer.metadata?.continue || undefined
	} while (next !== undefined)
}
