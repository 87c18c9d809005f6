const docs = "https://docs.cilium.io/en/stable"

/** Cilium's own pages and files, the sources of statements in data files. */
export const pages = {
	accessLogs: `${docs}/observability/hubble/`,
	/** CVE-2026-33726: ingress policies that do not hold for routes on Services, by the way endpoints are routed. */
	bypass: "GHSA-hxv8-4j4r-cqgv",
	clusterMesh: `${docs}/network/clustermesh/`,
	conformance: "gateway-api:conformance/reports/v1.6/cilium",
	deny: `${docs}/security/policy/language/#deny-policies`,
	dns: `${docs}/security/policy/language/#dns-based`,
	envoy: `${docs}/network/servicemesh/envoy-custom-listener/`,
	gamma: `${docs}/network/servicemesh/gateway-api/gamma/`,
	/** What a route on a Service becomes; one of a Gateway goes the same way. */
	ingestion: "cilium v1.20.2:operator/pkg/model/ingestion/gateway.go",
	gatewayAPI: `${docs}/network/servicemesh/gateway-api/gateway-api/`,
	http: `${docs}/security/policy/language/#layer-7-examples`,
	istio: "cilium:Documentation/network/servicemesh/istio.rst",
	kubeProxyFree: `${docs}/network/kubernetes/kubeproxy-free/`,
	metrics: `${docs}/observability/metrics/`,
	policy: `${docs}/security/policy/`,
	requirements: `${docs}/operations/system_requirements/`,
	wireGuard: `${docs}/security/network/encryption-wireguard/`,
	ztunnel: "cilium:Documentation/security/network/encryption-ztunnel.rst",
	/** What the chart writes into cilium-config, and its defaults. */
	chart: "cilium:install/kubernetes/cilium/templates/cilium-configmap.yaml",
} as const
