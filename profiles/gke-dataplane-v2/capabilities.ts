import {pages} from "../apis/gke/pages.ts"
import {capabilityRows, type Row} from "../capability-row.ts"
import {features} from "../features.ts"

const special: readonly Row[] = [
	[
		"MTLSPermissive",
		"via",
		pages.encryption,
		"plaintext is accepted; between nodes WireGuard encrypts where it is on, never on Autopilot",
	],
	["L4Authorization", "native", pages.dataplaneV2, "by NetworkPolicy, which is always on"],
	[
		"ExplicitDeny",
		"preview",
		pages.clusterwidePolicy,
		"by a clusterwide Cilium policy where the cluster has them on; that GKE enforces its deny rules is unproven",
	],
	["SessionAffinity", "no", pages.dataplaneV2, "a Service knows ClientIP only"],
	["EgressByFQDN", "native", pages.fqdn, "FQDNNetworkPolicy; not with Cloud Service Mesh", ">=1.27.1"],
	["EgressByFQDN", "no", pages.fqdn, "not in every release before 1.27.1"],
	["Ingress", "native", pages.gateway, "GKE Gateway"],
	["AccessLogs", "via", pages.logging, "verdicts of policies, by NetworkLogging"],
	[
		"L4Metrics",
		"native",
		pages.observability,
		"by the metrics of Dataplane V2, where they are on",
		">=1.28.0",
	],
	["L4Metrics", "no", pages.observability, "not before 1.28"],
	[
		"ZoneAwareLoadBalancing",
		"preview",
		pages.dataplaneV2,
		"by trafficDistribution of the Service, which GKE does not state for Dataplane V2",
	],
	["MultiCluster", "via", pages.multiCluster, "multi-cluster Services"],
	["UDPCapture", "native", pages.networkPolicy, "at L3 and L4"],
]

const isSpecial = (feature: Row[0]) => special.some(([name]) => name === feature)

/** GKE's build of Cilium is a network: it has no L7 rules, no Envoy configuration and no routes (cilium#24679). */
export const capabilities = capabilityRows("*", [
	...special,
	...features
		.filter((feature) => !isSpecial(feature))
		.map((feature): Row => [feature, "no", pages.dataplaneV2, "not offered by Dataplane V2"]),
])
