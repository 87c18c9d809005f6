/*
 * resourceVersions are decimal numbers of any length, comparable within one kind (KEP-5504). Anything else is
 * opaque and never counts as older.
 */

const number = /^(0|[1-9]\d*)$/

/** True when `a` is surely older than `b`. */
export function olderVersion(a: string | undefined, b: string | undefined): boolean {
	if (a === undefined || b === undefined || !number.test(a) || !number.test(b)) return false
	return a.length === b.length ? a < b : a.length < b.length
}
