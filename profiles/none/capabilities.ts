import {capabilityRows, type Row} from "../capability-row.ts"
import type {Capability} from "../dataplane.ts"
import {features} from "../features.ts"

const kubernetes = "https://kubernetes.io/docs/concepts/services-networking"
const network = `${kubernetes}/network-policies/`
const noProxy = "no proxy carries the traffic"

const special: readonly Row[] = [
	[
		"MTLSPermissive",
		"via",
		"istio:pilot/pkg/xds endpoint tlsMode",
		"plaintext is accepted as before; encryption is left to the network",
	],
	["L4Authorization", "no", network, "NetworkPolicies of the CNI are not written from mesh policies"],
	[
		"Ingress",
		"via",
		`${kubernetes}/ingress/`,
		"a gateway is a workload of its own and reaches the pods in plaintext",
	],
	[
		"ZoneAwareLoadBalancing",
		"via",
		`${kubernetes}/topology-aware-routing/`,
		"by trafficDistribution of the Service",
	],
	["SessionAffinity", "no", `${kubernetes}/service/#session-stickiness`, "a Service knows ClientIP only"],
]

const isSpecial = (feature: Row[0]) => special.some(([name]) => name === feature)

/** Without a mesh a feature is there only when Kubernetes itself brings it. */
export const capabilities: readonly Capability[] = capabilityRows("*", [
	...special,
	...features
		.filter((feature) => !isSpecial(feature))
		.map((feature): Row => [feature, "no", `${kubernetes}/service/`, noProxy]),
])
