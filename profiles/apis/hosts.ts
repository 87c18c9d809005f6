/**
 * The namespace that a host of a route or of a rule belongs to: of a short name the object's own, of a cluster name
 * the one it says, `*` of a pattern that spans namespaces, undefined of a name outside of the cluster.
 */
export function namespaceOfHost(host: string, own: string): string | undefined {
	const [first, namespace, service] = host.split(".")
	if (namespace === undefined) return first === "*" ? "*" : own
	if (service === "svc") return namespace
	if (first === "*") return namespace === "svc" || /(^|\.)local$/.test(host) ? "*" : undefined
	// `cart.shop` is no name that Istio resolves by itself, yet people write it and mean the Service.
	return service === undefined ? namespace : undefined
}
