import {pages} from "../apis/cilium/pages.ts"
import {capabilityRows} from "../capability-row.ts"

const raw = "by raw Envoy configuration in a CiliumEnvoyConfig, which nothing validates"
const gamma = "by an HTTPRoute on the Service"
/** Before these, policies may not hold for callers on the node of a pod behind a route or Envoy configuration. */
const enforced = ">=1.17.14 <1.18.0 || >=1.18.8 <1.19.0 || >=1.19.2"
const bypassed = `${gamma}; before 1.17.14, 1.18.8 and 1.19.2 policies may not hold for callers on the same node`

/** What Cilium carries as a mesh. A row with a range of its own stands before the one that holds for the rest. */
export const capabilities = capabilityRows("*", [
	[
		"MTLSStrict",
		"preview",
		pages.ztunnel,
		"beta: ztunnel, TCP only, by namespace; not with pods that are not enrolled (cilium#44133)",
		">=1.19.0",
	],
	["MTLSStrict", "no", "cilium#47132", "mutual authentication by SPIRE is deprecated and encrypts nothing"],
	[
		"MTLSPermissive",
		"via",
		pages.wireGuard,
		"plaintext is accepted; between nodes WireGuard or IPsec encrypts where it is on",
	],
	["L4Authorization", "native", pages.policy],
	["L7Authorization", "native", pages.http, "by HTTP rules of a CiliumNetworkPolicy"],
	["ExplicitDeny", "native", pages.deny, "at L3 and L4, by ingressDeny and egressDeny"],
	["JWTAuthentication", "no", pages.envoy, `only ${raw}`],
	["HTTPHeaderRouting", "native", pages.gamma, gamma, enforced],
	["HTTPHeaderRouting", "preview", pages.bypass, bypassed, ">=1.16.0"],
	["HTTPHeaderRouting", "via", pages.envoy, raw],
	["TrafficSplit", "native", pages.gamma, gamma, enforced],
	["TrafficSplit", "preview", pages.bypass, bypassed, ">=1.16.0"],
	["TrafficSplit", "via", pages.envoy, raw],
	[
		"HTTPTimeout",
		"preview",
		pages.ingestion,
		"translated for routes on a Service, and no conformance test proves it; else by a CiliumEnvoyConfig",
	],
	[
		"HTTPRetry",
		"preview",
		pages.ingestion,
		"translated for routes on a Service, and no conformance test proves it; else by a CiliumEnvoyConfig",
	],
	[
		"RequestMirroring",
		"preview",
		pages.ingestion,
		"translated for routes on a Service; proved for gateways alone",
	],
	[
		"URLRewrite",
		"preview",
		pages.conformance,
		"by an HTTPRoute on the Service; paths are proved, hostnames for gateways alone",
		">=1.20.0",
	],
	["URLRewrite", "preview", pages.gamma, "not proved for routes on a Service before 1.20"],
	["FaultInjection", "via", pages.envoy, raw],
	["LocalRateLimit", "via", pages.envoy, raw],
	["GlobalRateLimit", "via", pages.envoy, raw],
	["OutlierDetection", "via", pages.envoy, raw],
	["SessionAffinity", "no", pages.kubeProxyFree, "a Service knows ClientIP only"],
	["GRPCRouting", "native", pages.conformance, "by a GRPCRoute on the Service", ">=1.20.0"],
	["GRPCRouting", "preview", pages.gamma, "not proved for routes on a Service before 1.20"],
	["TCPRouting", "no", pages.gamma, "routes on a Service are HTTPRoute and GRPCRoute"],
	["EgressByFQDN", "native", pages.dns, "by toFQDNs of a CiliumNetworkPolicy"],
	[
		"Ingress",
		"native",
		pages.gatewayAPI,
		"by Cilium's gateways; another gateway reaches the pods in plaintext",
	],
	["BackendTLS", "no", pages.gatewayAPI, "gateways alone are stated to read a BackendTLSPolicy"],
	["Tracing", "no", pages.accessLogs, "Hubble shows flows, not spans"],
	[
		"AccessLogs",
		"via",
		pages.accessLogs,
		"by Hubble's flows; fields of HTTP only where Envoy carries the traffic",
	],
	["L7Metrics", "via", pages.metrics, "only for traffic that an L7 rule or a route sends through Envoy"],
	["L4Metrics", "native", pages.metrics],
	["WorkloadLoadBalancing", "via", pages.kubeProxyFree, "by annotations of the Service"],
	["ZoneAwareLoadBalancing", "via", pages.kubeProxyFree, "by trafficDistribution of the Service"],
	["WasmExtension", "no", pages.envoy, "Cilium's Envoy has no Wasm filter"],
	["ProxyCustomization", "via", pages.envoy, raw],
	["MultiCluster", "native", pages.clusterMesh, "Cluster Mesh, not together with ztunnel"],
	["FIPS", "no", pages.requirements, "vendors' builds alone"],
	["PostQuantumTLS", "no", pages.requirements, "nothing is stated"],
	["UDPCapture", "native", pages.policy, "at L3 and L4"],
	["LiveEnrolment", "native", "cilium#2568", "by rules; the first L7 rule resets established connections"],
	["LiveLeaving", "native", pages.policy, "by the removal of rules"],
])
