import {pages as istio} from "../apis/istio/pages.ts"
import {capabilityRows} from "../capability-row.ts"
import {pages} from "./pages.ts"

const atWaypoint = "at a waypoint with Kmesh's image"

/** What Kmesh carries in the mode dual-engine: L4 in eBPF, L7 at a waypoint. There is no mTLS between workloads. */
export const capabilities = capabilityRows(">=1.0.0", [
	["MTLSStrict", "no", pages.mtls, "no mTLS between workloads; IPsec between nodes at most"],
	[
		"MTLSPermissive",
		"via",
		pages.encryption,
		"plaintext is accepted as before; encryption is left to IPsec between nodes",
	],
	["L4Authorization", "native", pages.authorization, "callers are known by their addresses"],
	["L7Authorization", "waypoint", pages.waypoint, "by policies with targetRefs"],
	["ExplicitDeny", "native", pages.rbac, "for L4; DENY by HTTP attributes needs a waypoint"],
	["JWTAuthentication", "waypoint", pages.waypoint, atWaypoint],
	["HTTPHeaderRouting", "waypoint", pages.waypoint, atWaypoint],
	["TrafficSplit", "waypoint", pages.waypoint, atWaypoint],
	["HTTPTimeout", "waypoint", pages.waypoint, atWaypoint],
	["HTTPRetry", "waypoint", pages.waypoint, atWaypoint],
	["RequestMirroring", "waypoint", pages.waypoint, atWaypoint],
	["URLRewrite", "waypoint", pages.waypoint, atWaypoint],
	["FaultInjection", "waypoint", pages.waypoint, "by VirtualService at a waypoint"],
	["LocalRateLimit", "waypoint", pages.rateLimit, "by a patch of the waypoint"],
	["GlobalRateLimit", "waypoint", pages.waypoint, "by a patch of the waypoint"],
	["OutlierDetection", "waypoint", pages.waypoint, atWaypoint],
	["SessionAffinity", "waypoint", pages.waypoint, atWaypoint],
	["GRPCRouting", "waypoint", pages.waypoint, atWaypoint],
	[
		"TCPRouting",
		"waypoint",
		pages.waypoint,
		"connections pass eBPF as they are; rules of a route act at the waypoint",
	],
	["EgressByFQDN", "no", pages.support, "nothing is stated"],
	["Ingress", "via", pages.support, "by Istio's own gateways, in plaintext to the pods"],
	[
		"BackendTLS",
		"no",
		istio.upgrade128,
		"Istio reads a BackendTLSPolicy from 1.28 on, where Kmesh has no waypoint",
	],
	["Tracing", "waypoint", pages.waypoint, atWaypoint],
	[
		"AccessLogs",
		"via",
		pages.accessLogs,
		"L4 by the agent once kmeshctl accesslog turns them on; the fields of HTTP need a waypoint",
	],
	["L7Metrics", "waypoint", pages.observability, "istio_requests_total of the waypoint"],
	["L4Metrics", "native", pages.observability, "kmesh_tcp_* of the agent"],
	["WorkloadLoadBalancing", "no", pages.locality, "random or by locality; no algorithm can be chosen"],
	["ZoneAwareLoadBalancing", "via", pages.locality, "by trafficDistribution of the Service"],
	["WasmExtension", "waypoint", pages.waypoint, "by targetRefs to the waypoint; the agent runs none"],
	["ProxyCustomization", "no", pages.support, "an EnvoyFilter for pods is ignored"],
	["MultiCluster", "no", pages.support, "nothing is stated"],
	["FIPS", "no", pages.support, "nothing is stated"],
	["PostQuantumTLS", "no", pages.support, "there is no TLS between workloads"],
	["UDPCapture", "no", pages.bpf, "UDP bypasses Kmesh"],
	[
		"LiveEnrolment",
		"native",
		pages.manage,
		"running pods are taken at once, with their connections at risk; Heddle enrols by new pods",
	],
	[
		"LiveLeaving",
		"native",
		pages.manage,
		"running pods are let go at once, with their connections at risk; Heddle leaves by new pods",
	],
])
