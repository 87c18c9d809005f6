import type {Manifest} from "../../infra/manifest.ts"

/** What an API server changes by itself whenever anything else changes. */
const bookkeeping: ReadonlySet<string> = new Set([
	"managedFields",
	"resourceVersion",
	"generation",
	"creationTimestamp",
	"uid",
	"selfLink",
])

/**
 * Paths of the fields in which an object would differ, such as `spec.replicas`; none when nothing would be written.
 * A list counts as one field.
 */
export function changedFields(live: Manifest, next: Manifest): string[] {
	return differences(stated(live), stated(next), "")
}

function stated(object: Manifest): object {
	const {status: _status, metadata, ...rest} = object
	const own = Object.entries(metadata).filter(([key]) => !bookkeeping.has(key))
	return {...rest, metadata: Object.fromEntries(own)}
}

type Tree = {readonly [key: string]: unknown}
const isTree = (value: unknown): value is Tree =>
	typeof value === "object" && value !== null && !Array.isArray(value)

function differences(before: unknown, after: unknown, path: string): string[] {
	if (isTree(before) && isTree(after)) {
		const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
		return keys.flatMap((key) => differences(before[key], after[key], path === "" ? key : `${path}.${key}`))
	}
	return canonical(before) === canonical(after) ? [] : [path]
}

/** The order of keys means nothing, and an API server keeps none. */
function canonical(value: unknown): string {
	return (
		JSON.stringify(value, (_key, inner: unknown) =>
			isTree(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
		) ?? ""
	)
}
