import type {Status} from "./status-document.ts"
import {statusLine} from "./status-text.ts"

/** A line for each namespace of which there is something new to say since an earlier look; at first all of them. */
export function changes(before: Status | undefined, now: Status): readonly string[] {
	const known = new Map(before?.namespaces.map((one) => [one.namespace, statusLine(one)]))
	const there = new Set(now.namespaces.map(({namespace}) => namespace))
	return [
		...now.namespaces.flatMap((one) => {
			const line = statusLine(one)
			return known.get(one.namespace) === line ? [] : [line]
		}),
		...[...known.keys()].filter((name) => !there.has(name)).map((name) => `${name}: its MeshBinding is gone`),
	]
}
