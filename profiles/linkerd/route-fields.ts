/*
 * The fields of HTTPRoute and GRPCRoute in Gateway API 1.2.1, both channels: what Linkerd's policy controller knows. It
 * ignores a route with any other. Filters are those that it takes.
 * Sources: gateway-api:apis/v1 at v1.2.1; linkerd2:policy-controller/k8s/index/src/outbound/index/{http,grpc}.rs;
 * https://linkerd.io/2/features/gateway-api/
 */

export const spec: ReadonlySet<string> = new Set(["parentRefs", "hostnames", "rules"])
export const rule: ReadonlySet<string> = new Set([
	"name",
	"matches",
	"filters",
	"backendRefs",
	"timeouts",
	"retry",
	"sessionPersistence",
])
export const match: ReadonlySet<string> = new Set(["path", "headers", "queryParams", "method"])
export const backend: ReadonlySet<string> = new Set([
	"group",
	"kind",
	"name",
	"namespace",
	"port",
	"weight",
	"filters",
])
export const filters: ReadonlySet<string> = new Set([
	"RequestHeaderModifier",
	"ResponseHeaderModifier",
	"RequestRedirect",
])
/** Fields of a rule that are known and not used. */
export const unused = ["retry", "sessionPersistence"] as const
