/**
 * Istio's matching of strings: `*` is any that is not empty, a `*` in front or behind stands for the rest, and one
 * elsewhere is a character like others. Source: istio pilot/pkg/security/authz/matcher/string.go, and, the same for
 * ztunnel, pilot/pkg/serviceregistry/ambient/authorization.go stringToMatch.
 */
export function matchesText(pattern: string, text: string): boolean {
	if (pattern === "*") return text !== ""
	if (pattern.startsWith("*")) return text.endsWith(pattern.slice(1))
	if (pattern.endsWith("*")) return text.startsWith(pattern.slice(0, -1))
	return text === pattern
}

/** Envoy's reading of namespaces: a regular expression in which each `*` is any text, `/` included. */
export function matchesNamespaceAtEnvoy(pattern: string, namespace: string): boolean {
	const parts = pattern.split("*")
	const [first = ""] = parts
	if (parts.length === 1) return namespace === pattern
	if (!namespace.startsWith(first)) return false
	let rest = namespace.slice(first.length)
	const last = parts.at(-1) ?? ""
	for (const part of parts.slice(1, -1)) {
		const at = rest.indexOf(part)
		if (at < 0) return false
		rest = rest.slice(at + part.length)
	}
	return rest.endsWith(last)
}
