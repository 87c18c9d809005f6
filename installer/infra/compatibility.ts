import {satisfies} from "semver"
import type {Product} from "../../profiles/conflicts/windows.ts"
import {versionIn} from "../../profiles/linkerd/version.ts"

export type ComponentName =
	| "istio"
	| "istio-ambient"
	| "linkerd"
	| "cilium"
	| "kmesh"
	| "envoy-gateway"
	| "dapr"
	| "gateway-api"

/** Versions of a component whose charts Heddle's values are made for. */
type Installable = {
	readonly component: ComponentName
	/** Absent where others have windows for it, and it has none itself. */
	readonly product?: Product
	/** Ranges of the component's versions, each with windows of its own. */
	readonly versions: readonly string[]
}

/** What these versions need of a cluster and of each other stands in profiles/conflicts/windows.ts, as for every plan. */
export const installable: readonly Installable[] = [
	{component: "istio", product: "istio", versions: ["~1.31.0", "~1.30.0"]},
	{component: "istio-ambient", product: "istio", versions: ["~1.31.0", "~1.30.0"]},
	// Charts are numbered by the date of their edge release; those of Linkerd 2.20 begin with edge-26.6.3.
	{component: "linkerd", product: "linkerd", versions: [">=2026.6.3 <2027.0.0"]},
	{component: "cilium", product: "cilium", versions: ["~1.20.0", "~1.19.0", "~1.18.0"]},
	{component: "kmesh", product: "kmesh", versions: ["~1.2.0"]},
	{component: "envoy-gateway", product: "envoy-gateway", versions: ["~1.9.0"]},
	{component: "dapr", product: "dapr", versions: ["~1.18.0"]},
	{component: "gateway-api", versions: [">=1.4.0 <2.0.0"]},
]

const rowOf = (component: ComponentName) => installable.find((row) => row.component === component)

/** Why a version is not one that Heddle installs; empty when it is. */
export function isSupported(component: ComponentName, version: string): string[] {
	const known = rowOf(component)?.versions ?? []
	if (known.some((range) => satisfies(version, range))) return []
	return [`version: ${version} is not among the versions that Heddle installs (${known.join(" || ")})`]
}

/** What a component's version is in the table of windows; undefined for what has no windows of its own. */
export function productVersion(
	component: ComponentName,
	version: string,
): {readonly product: Product; readonly version: string} | undefined {
	const product = rowOf(component)?.product
	if (product === undefined) return undefined
	const released = component === "linkerd" ? versionIn(version.replace(/^20/, "edge-")) : version
	return released === undefined ? undefined : {product, version: released}
}
