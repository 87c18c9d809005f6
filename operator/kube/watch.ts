import type {KubeObject} from "../../profiles/snapshot/object.ts"
import {deadline} from "./abort.ts"
import {errorOfStatus, errorOfTransport, isTransport} from "./errors.ts"
import type {Http} from "./http.ts"
import {jsonLines} from "./lines.ts"
import {doingOf, type Place, pathOf} from "./paths.ts"

export type WatchEvent =
	| {readonly type: "ADDED" | "MODIFIED" | "DELETED"; readonly object: KubeObject}
	| {readonly type: "BOOKMARK"; readonly resourceVersion: string}

export type WatchRequest = {
	readonly place: Place
	readonly namespace?: string | undefined
	readonly labelSelector?: string | undefined
	readonly fieldSelector?: string | undefined
	readonly resourceVersion: string
	/** When the server is to end the watch by itself. */
	readonly timeoutSeconds: number
	/** Ends a watch that says nothing, not even a bookmark: the other side may be gone without a word. */
	readonly idleMs: number
	readonly signal: AbortSignal
}

type RawEvent = {readonly type?: string; readonly object?: KubeObject & {readonly code?: number}}

/**
 * One watch, from its version on, until the server ends it. Throws a KubeError for an ERROR event as for a refused
 * request, a SyntaxError for what is no event, and the signal's reason.
 */
export async function* watchEvents(http: Http, request: WatchRequest): AsyncGenerator<WatchEvent> {
	const {place, namespace, labelSelector, fieldSelector, resourceVersion, timeoutSeconds} = request
	const doing = doingOf("watch", place, {namespace})
	const limit = deadline(request.signal, request.idleMs)
	const query = {
		watch: true,
		allowWatchBookmarks: true,
		resourceVersion,
		timeoutSeconds,
		labelSelector,
		fieldSelector,
	}
	try {
		const bytes = await http.stream({path: pathOf(place, {namespace}, query), doing}, limit.signal)
		for await (const line of jsonLines(heard(bytes, () => limit.renew()))) {
			const {type, object} = line as RawEvent
			if (type === "ERROR") throw errorOfStatus(object as {code?: number}, doing)
			yield eventOf(type, object)
		}
	} catch (error) {
		// The body fails with an error of its own when the signal ends it.
		if (limit.signal.aborted) throw limit.signal.reason
		throw isTransport(error) ? errorOfTransport(error, doing) : error
	} finally {
		limit.done()
	}
}

async function* heard(bytes: AsyncIterable<Buffer>, onBytes: () => void): AsyncGenerator<Buffer> {
	for await (const chunk of bytes) {
		onBytes()
		yield chunk
	}
}

function eventOf(type: string | undefined, object: KubeObject | undefined): WatchEvent {
	if (type === "BOOKMARK" && object?.metadata.resourceVersion !== undefined)
		return {type, resourceVersion: object.metadata.resourceVersion}
	if ((type === "ADDED" || type === "MODIFIED" || type === "DELETED") && object?.metadata?.name !== undefined)
		return {type, object}
	throw new SyntaxError(`an event of the unknown type ${type}`)
}
