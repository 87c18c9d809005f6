/** What is installed and versioned as one; several dataplanes can be of one product. */
export type Product =
	| "istio"
	| "linkerd"
	| "cilium"
	| "kmesh"
	| "mosn"
	| "gke-ambient"
	| "envoy-gateway"
	| "dapr"

/** What a window is about: the cluster, its nodes, the CRDs of the Gateway API, or another product. */
export type Subject = "kubernetes" | "kernel" | "gateway-api" | "istio"

/** What a release of a product needs of what it runs on and beside. */
export type Window = {
	readonly product: Product
	/** A semver range of the product's versions. Of one product and subject the first row that matches counts. */
	readonly versions: string
	readonly subject: Subject
	/** A semver range of the subject's versions. */
	readonly range: string
	/** Outside of `required` it is known not to work; outside of `tested` nobody has shown that it does. */
	readonly strength: "required" | "tested"
	readonly note?: string
	/** The vendor's page, or the issue that says so. */
	readonly source: string
}

const istioReleases = "https://istio.io/latest/docs/releases/supported-releases/"
const linkerdGatewayAPI = "https://linkerd.io/2/features/gateway-api/"

const istioOnKubernetes = (versions: string, range: string): Window => ({
	product: "istio",
	versions,
	subject: "kubernetes",
	range,
	strength: "tested",
	source: istioReleases,
})

const linkerdOnGatewayAPI = (versions: string, range: string): Window => ({
	product: "linkerd",
	versions,
	subject: "gateway-api",
	range,
	strength: "tested",
	note: "with other CRDs a route that has a field unknown to Linkerd is ignored as a whole",
	source: linkerdGatewayAPI,
})

/** Releases that a row does not cover are not judged: nothing is known of them. */
export const windows: readonly Window[] = [
	istioOnKubernetes(">=1.30.0 <1.32.0", ">=1.32.0 <1.37.0"),
	istioOnKubernetes(">=1.29.0 <1.30.0", ">=1.31.0 <1.36.0"),
	istioOnKubernetes(">=1.28.0 <1.29.0", ">=1.30.0 <1.35.0"),
	istioOnKubernetes(">=1.26.0 <1.28.0", ">=1.29.0 <1.34.0"),
	istioOnKubernetes(">=1.25.0 <1.26.0", ">=1.29.0 <1.33.0"),
	istioOnKubernetes(">=1.24.0 <1.25.0", ">=1.28.0 <1.32.0"),
	istioOnKubernetes(">=1.22.0 <1.24.0", ">=1.27.0 <1.31.0"),
	istioOnKubernetes(">=1.10.0 <1.11.0", ">=1.18.0 <1.22.0"),
	{
		product: "istio",
		versions: ">=1.22.0",
		subject: "gateway-api",
		range: ">=0.6.0",
		strength: "required",
		note: "Gateway, GatewayClass, HTTPRoute and ReferenceGrant have to be served in v1beta1",
		source: "https://istio.io/latest/docs/reference/config/analysis/ist0156/",
	},
	linkerdOnGatewayAPI(">=2.20.0 <2.21.0", ">=1.2.1 <=1.5.1"),
	linkerdOnGatewayAPI(">=2.18.0 <2.20.0", ">=1.1.1 <=1.2.1"),
	linkerdOnGatewayAPI(">=2.15.0 <2.18.0", ">=0.7.0 <=1.1.1"),
	{
		product: "linkerd",
		versions: ">=2.20.0 <2.21.0",
		subject: "kubernetes",
		range: ">=1.31.0 <1.36.0",
		strength: "tested",
		source: "https://linkerd.io/2/reference/k8s-versions/",
	},
	{
		product: "linkerd",
		versions: ">=2.18.0 <2.19.0",
		subject: "kubernetes",
		range: ">=1.22.0 <1.33.0",
		strength: "tested",
		source: "https://linkerd.io/2/reference/k8s-versions/",
	},
	{
		product: "cilium",
		versions: ">=1.20.0",
		subject: "gateway-api",
		range: ">=1.6.1",
		strength: "tested",
		note: "its operator looks at the CRDs once, when it starts",
		source: "kubernetes-sigs/kubespray#13430",
	},
	{
		product: "cilium",
		versions: ">=1.18.0 <1.19.0",
		subject: "kubernetes",
		range: ">=1.30.0 <1.34.0",
		strength: "tested",
		source: "cilium v1.18.14:Documentation/network/kubernetes/compatibility.rst",
	},
	{
		product: "cilium",
		versions: ">=1.18.0",
		subject: "kernel",
		range: ">=5.10.0 || ~4.18.0",
		strength: "required",
		note: "4.18 is RHEL 8.10's, with the backports that make it an equivalent",
		source: "https://docs.cilium.io/en/stable/operations/system_requirements/",
	},
	{
		product: "kmesh",
		versions: ">=1.0.0",
		subject: "istio",
		range: ">=1.22.0 <1.26.0",
		strength: "required",
		note: "Kmesh takes its configuration from istiod, and its waypoint is tested with 1.23 to 1.25 only",
		source: "kmesh ec501a9:README.md",
	},
	{
		product: "kmesh",
		versions: ">=1.0.0",
		subject: "kernel",
		range: ">=5.10.0",
		strength: "required",
		source: "kmesh ec501a9:README.md",
	},
	{
		product: "kmesh",
		versions: ">=1.0.0",
		subject: "kubernetes",
		range: ">=1.26.0",
		strength: "tested",
		source: "kmesh ec501a9:README.md",
	},
	{
		product: "envoy-gateway",
		versions: ">=1.9.0 <1.10.0",
		subject: "kubernetes",
		range: ">=1.33.0 <1.37.0",
		strength: "tested",
		source: "https://gateway.envoyproxy.io/news/releases/matrix/",
	},
	{
		product: "mosn",
		versions: "*",
		subject: "istio",
		range: ">=1.10.0 <1.11.0",
		strength: "required",
		note: "MOSN speaks the xDS of Istio 1.10, and no newer one",
		source: "https://mosn.io/docs/user-guide/start/istio/",
	},
	{
		product: "gke-ambient",
		versions: "*",
		subject: "kubernetes",
		range: ">=1.35.2",
		strength: "required",
		note: "the floor of the preview differs between copies of the page, 1.35.2 or 1.36.4: the lower counts here",
		source: "https://cloud.google.com/kubernetes-engine/docs/how-to/ambient-networking",
	},
]

/** Which product a dataplane of the registry comes with; those that are not here need nothing of the cluster. */
export const productOf: Readonly<Record<string, Product>> = {
	"istio-sidecar": "istio",
	"istio-ambient": "istio",
	linkerd: "linkerd",
	cilium: "cilium",
	kmesh: "kmesh",
	mosn: "mosn",
	"gke-ambient": "gke-ambient",
}

/** What would be installed today, when nothing says which version. */
export const currentVersions = {
	istio: "1.31.1",
	linkerd: "2.20.0",
	cilium: "1.20.2",
	kmesh: "1.2.0",
	mosn: "1.6.1",
	"envoy-gateway": "1.9.0",
	dapr: "1.18.3",
} as const satisfies Readonly<Partial<Record<Product, string>>>

export const titles: Readonly<Record<Product | Subject, string>> = {
	istio: "Istio",
	linkerd: "Linkerd",
	cilium: "Cilium",
	kmesh: "Kmesh",
	mosn: "MOSN",
	"gke-ambient": "GKE's ambient preview",
	"envoy-gateway": "Envoy Gateway",
	dapr: "Dapr",
	kubernetes: "Kubernetes",
	kernel: "Linux",
	"gateway-api": "Gateway API",
}
