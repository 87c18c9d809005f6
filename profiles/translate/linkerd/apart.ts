import type {Match} from "../../policy/linkerd/read.ts"

/** Whether no request matches both. */
export function areApart(a: Match, b: Match): boolean {
	if (a.method !== undefined && b.method !== undefined && a.method !== b.method) return true
	if (
		Object.entries(a.headers).some(
			([name, value]) => b.headers[name] !== undefined && b.headers[name] !== value,
		)
	)
		return true
	if (a.path === undefined || b.path === undefined) return false
	return !covers(a.path, b.path) && !covers(b.path, a.path)
}

type Path = NonNullable<Match["path"]>

function covers(a: Path, b: Path): boolean {
	if (a.exact) return b.exact && a.value === b.value
	const prefix = a.value.replace(/\/$/, "")
	const other = b.exact ? b.value : b.value.replace(/\/$/, "")
	return other === prefix || other.startsWith(`${prefix}/`)
}
