/*
 * Patterns of Istio's for identities, `<trust domain>/ns/<namespace>/sa/<account>`: the whole, or with `*` at its start
 * or at its end, or `*` alone for any identity at all.
 */

/** Whether a pattern for identities speaks of a namespace: by its name, or of every namespace alike. */
export function speaksOf(pattern: string, namespace: string): "name" | "any" | "no" {
	if (pattern.endsWith("*")) return byStart(pattern.slice(0, -1), namespace)
	if (pattern.startsWith("*")) return byEnd(pattern.slice(1), namespace)
	return /\/ns\/([^/]+)\/sa\//.exec(pattern)?.[1] === namespace ? "name" : "no"
}

function byStart(start: string, namespace: string): "name" | "any" | "no" {
	const at = start.indexOf("/ns/")
	if (at < 0) return "any"
	const [named = "", ...account] = start.slice(at + "/ns/".length).split("/")
	if (account.length > 0) return named === namespace ? "name" : "no"
	if (named === "") return "any"
	return namespace.startsWith(named) ? "name" : "no"
}

function byEnd(end: string, namespace: string): "name" | "any" | "no" {
	const at = end.lastIndexOf("/sa/")
	// Of an account alone, as in `*/sa/web`, every namespace may have one.
	if (at <= 0) return "any"
	const before = end.slice(0, at)
	const named = before.slice(before.lastIndexOf("/") + 1)
	return (before.includes("/") ? named === namespace : namespace.endsWith(named)) ? "name" : "no"
}

/** The same of a pattern for the name of a namespace. */
export function namesNamespace(pattern: string, namespace: string): "name" | "any" | "no" {
	if (pattern === "*") return "any"
	if (pattern.endsWith("*")) return namespace.startsWith(pattern.slice(0, -1)) ? "name" : "no"
	if (pattern.startsWith("*")) return namespace.endsWith(pattern.slice(1)) ? "name" : "no"
	return pattern === namespace ? "name" : "no"
}
