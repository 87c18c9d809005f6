const docs = "https://istio.io/latest/docs"
const config = `${docs}/reference/config`

/** Istio's own pages, the sources of statements in data files. */
export const pages = {
	ambientL4: `${docs}/ambient/usage/l4-policy/`,
	ambientL7: `${docs}/ambient/usage/l7-features/`,
	ambientMultiCluster: `${docs}/ambient/install/multicluster/`,
	ambientWasm: `${docs}/ambient/usage/extend-waypoint-wasm/`,
	ambientWorkloads: `${docs}/ambient/usage/add-workloads/`,
	authorizationPolicy: `${config}/security/authorization-policy/`,
	destinationRule: `${config}/networking/destination-rule/`,
	envoyFilter: `${config}/networking/envoy-filter/`,
	gateway: `${config}/networking/gateway/`,
	gatewayAPI: `${docs}/tasks/traffic-management/ingress/gateway-api/`,
	injection: `${docs}/setup/additional-setup/sidecar-injection/`,
	metrics: `${config}/metrics/`,
	multiCluster: `${docs}/setup/install/multicluster/`,
	mutualTLS: `${docs}/concepts/security/#mutual-tls-authentication`,
	peerAuthentication: `${config}/security/peer_authentication/`,
	performance: `${docs}/ops/deployment/performance-and-scalability/`,
	protocols: `${docs}/ops/configuration/traffic-management/protocol-selection/`,
	rateLimit: `${docs}/tasks/policy-enforcement/rate-limit/`,
	requestAuthentication: `${config}/security/request_authentication/`,
	serviceEntry: `${config}/networking/service-entry/`,
	telemetry: `${config}/telemetry/`,
	trafficRouting: `${docs}/ops/configuration/traffic-management/traffic-routing/`,
	virtualService: `${config}/networking/virtual-service/`,
	wasm: `${config}/proxy_extensions/wasm-plugin/`,
	/** What becomes of a CA that cannot be found, at whichever proxy. */
	backendTLS: "istio:pilot/pkg/networking/core/cluster_tls.go",
	upgrade128: "https://istio.io/latest/news/releases/1.28.x/announcing-1.28/upgrade-notes/",
	release131: "https://istio.io/latest/news/releases/1.31.x/announcing-1.31/change-notes/",
} as const
