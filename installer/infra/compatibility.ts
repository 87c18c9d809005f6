import {coerce, satisfies} from "semver"

/** What a version of a component works with; ranges are those that its publisher states or tests, `*` where none was found. */
export type Compatibility = {
	readonly component: ComponentName
	/** Versions of the component that this row is about. */
	readonly versions: string
	readonly kubernetes: string
	/** Versions of the Gateway API's CRDs; absent when it uses none. */
	readonly gatewayApi?: string
	readonly source: string
}

export type ComponentName =
	| "istio"
	| "istio-ambient"
	| "linkerd"
	| "cilium"
	| "kmesh"
	| "envoy-gateway"
	| "dapr"
	| "gateway-api"

/** The first row that matches counts; a version that no row names is one that nobody here has looked at. */
export const compatibility: readonly Compatibility[] = [
	...(["istio", "istio-ambient"] as const).flatMap((component) => [
		{
			component,
			versions: "~1.31.0",
			kubernetes: ">=1.32 <1.37",
			gatewayApi: ">=1.4.0",
			source: "https://istio.io/latest/docs/releases/supported-releases/",
		},
		{
			component,
			versions: "~1.30.0",
			kubernetes: ">=1.32 <1.37",
			gatewayApi: ">=1.4.0",
			source: "https://istio.io/latest/docs/releases/supported-releases/",
		},
	]),
	{
		component: "linkerd",
		versions: ">=2026.1.0 <2027.0.0",
		kubernetes: ">=1.31 <1.36",
		gatewayApi: ">=1.2.1 <1.6.0",
		source: "https://linkerd.io/2-edge/features/gateway-api/",
	},
	{
		component: "cilium",
		versions: "~1.20.0",
		kubernetes: "*",
		gatewayApi: ">=1.6.1",
		source: "https://github.com/kubernetes-sigs/kubespray/pull/13430",
	},
	{
		component: "cilium",
		versions: "~1.19.0 || ~1.18.0",
		kubernetes: "*",
		source: "https://docs.cilium.io/en/stable/network/kubernetes/compatibility/",
	},
	{
		component: "kmesh",
		versions: "~1.2.0",
		kubernetes: ">=1.26",
		source: "https://kmesh.net/docs/setup/quick-start",
	},
	{
		component: "envoy-gateway",
		versions: "~1.9.0",
		kubernetes: ">=1.32",
		source: "https://gateway.envoyproxy.io/news/releases/matrix/",
	},
	{
		component: "dapr",
		versions: "~1.18.0",
		kubernetes: "*",
		source: "https://docs.dapr.io/operations/support/support-release-policy/",
	},
	{
		component: "gateway-api",
		versions: ">=1.4.0 <2.0.0",
		kubernetes: "*",
		source: "https://gateway-api.sigs.k8s.io/concepts/versioning/",
	},
]

function rowFor(component: ComponentName, version: string): Compatibility | undefined {
	return compatibility.find((row) => row.component === component && satisfies(version, row.versions))
}

/** Why a version is not one that Heddle installs; empty when it is. */
export function isSupported(component: ComponentName, version: string): string[] {
	if (rowFor(component, version) !== undefined) return []
	const known = compatibility.filter((row) => row.component === component).map(({versions}) => versions)
	return [`version: ${version} is not among the versions that Heddle installs (${known.join(" || ")})`]
}

type Surroundings = {
	/** The API server's version, such as v1.36.3. */
	readonly kubernetes?: string | undefined
	/** The version of the Gateway API's CRDs in the cluster, or of those that are to be installed. */
	readonly gatewayApi?: string | undefined
}

/** What of a cluster a version does not work with; empty when all of it fits. */
export function misfits(component: ComponentName, version: string, around: Surroundings): string[] {
	const row = rowFor(component, version)
	if (row === undefined) return []
	const {kubernetes, gatewayApi} = row
	const problems: string[] = []
	const cluster = coerce(around.kubernetes)
	if (cluster !== null && !satisfies(cluster, kubernetes))
		problems.push(
			`${component} ${version} works with Kubernetes ${kubernetes}; the cluster is ${cluster.version}`,
		)
	const crds = coerce(around.gatewayApi)
	if (gatewayApi !== undefined && crds !== null && !satisfies(crds, gatewayApi))
		problems.push(
			`${component} ${version} works with the Gateway API ${gatewayApi}; the CRDs are ${crds.version}`,
		)
	return problems
}
