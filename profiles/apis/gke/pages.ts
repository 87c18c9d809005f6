const docs = "https://docs.cloud.google.com/kubernetes-engine/docs"

/** GKE's own pages, the sources of statements in data files. */
export const pages = {
	ambient: `${docs}/how-to/prepare-ambient-networking`,
	ambientOverview: `${docs}/concepts/ambient-overview`,
	ambientSecurity: `${docs}/how-to/ambient-networking-security-authorization-policies`,
	clusterwidePolicy: `${docs}/how-to/configure-cilium-network-policy`,
	dataplaneV2: `${docs}/concepts/dataplane-v2`,
	encryption: `${docs}/how-to/enable-inter-node-transparent-encryption`,
	fqdn: `${docs}/how-to/fqdn-network-policies`,
	gateway: `${docs}/concepts/gateway-api`,
	logging: `${docs}/how-to/network-policy-logging`,
	multiCluster: `${docs}/concepts/multi-cluster-services`,
	networkPolicy: `${docs}/how-to/network-policy`,
	observability: `${docs}/concepts/about-dpv2-observability`,
} as const
