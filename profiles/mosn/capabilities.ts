import {capabilityRows} from "../capability-row.ts"

const source = "mosn 707d635:istio/istio1106"
const xds = `${source}/xds/conv/convert_router.go`
const rbac = `${source}/filter/stream/rbac`
const istio = "https://istio.io/v1.10/docs/reference/config/"

/** What MOSN carries as the proxy of Istio 1.10: its VirtualServices and policies, nothing that came later. */
export const capabilities = capabilityRows("*", [
	["MTLSStrict", "native", `${istio}security/peer_authentication/`],
	["MTLSPermissive", "native", `${istio}security/peer_authentication/`],
	["L4Authorization", "native", rbac],
	["L7Authorization", "native", rbac],
	["ExplicitDeny", "native", rbac],
	[
		"JWTAuthentication",
		"no",
		`${source}/filter/stream/jwtauthn`,
		"a filter is there; that it verifies what Istio sends is unproven",
	],
	["HTTPHeaderRouting", "native", xds],
	["TrafficSplit", "native", xds],
	["HTTPTimeout", "native", xds],
	["HTTPRetry", "native", xds],
	["RequestMirroring", "native", xds, "the first mirror of a route only"],
	["URLRewrite", "native", xds],
	["FaultInjection", "native", xds, "by VirtualService only"],
	["LocalRateLimit", "native", "mosn 707d635:pkg/filter/stream/flowcontrol", "by MOSN's own configuration"],
	["GlobalRateLimit", "no", source, "nothing is stated"],
	["OutlierDetection", "native", xds],
	["SessionAffinity", "native", xds, "consistentHash of a DestinationRule"],
	["GRPCRouting", "native", xds, "by VirtualService; Istio 1.10 knows no GRPCRoute"],
	["TCPRouting", "native", xds],
	["EgressByFQDN", "native", `${istio}networking/service-entry/`],
	["Ingress", "native", `${istio}networking/gateway/`],
	["BackendTLS", "no", `${istio}networking/destination-rule/`, "Istio 1.10 knows no BackendTLSPolicy"],
	["Tracing", "native", "mosn 707d635:pkg/trace"],
	["AccessLogs", "native", "mosn 707d635:pkg/log"],
	["L7Metrics", "native", `${source}/filter/stream/stats`],
	["L4Metrics", "native", `${source}/filter/stream/stats`],
	["WorkloadLoadBalancing", "native", `${istio}networking/destination-rule/`],
	["ZoneAwareLoadBalancing", "native", `${istio}networking/destination-rule/`, "localityLbSetting"],
	[
		"WasmExtension",
		"native",
		"mosn 707d635:pkg/wasm",
		"proxy-wasm ABI 0.1.0 and 0.2.0, by MOSN's own configuration",
	],
	["ProxyCustomization", "no", source, "an EnvoyFilter patches Envoy, which this is not"],
	["MultiCluster", "preview", `${istio}`, "unproven with MOSN"],
	["FIPS", "no", source, "nothing is stated"],
	["PostQuantumTLS", "no", source, "nothing is stated"],
	["UDPCapture", "no", source, "UDP bypasses the proxy"],
	["LiveEnrolment", "no", `${istio}`, "pods have to be made anew"],
	["LiveLeaving", "no", `${istio}`, "pods have to be made anew"],
])
