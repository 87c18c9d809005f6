import {coerce, gte} from "semver"
import type {Reason} from "../../../profiles/reason.ts"
import {reason} from "../../../profiles/reasons.ts"
import type {KubeObject} from "../../../profiles/snapshot/object.ts"
import type {HostName, WantedExtension} from "../../../profiles/wasm-hosts/host.ts"
import {wasmHost} from "../../../profiles/wasm-hosts/hosts.ts"
import {fileConfigurations} from "../../../profiles/wasm-hosts/render-files.ts"
import {type IstioKind, type IstioPlace, istioObject} from "../../../profiles/wasm-hosts/render-istio.ts"
import type {ClusterFacts, Installed} from "../facts.ts"
import {prefix} from "./owned.ts"
import {type AtWaypoint, waypointTargets} from "./waypoint-targets.ts"

/** An object that brings modules to a host, with the extensions that it is of. */
export type Placed = {
	readonly manifest: KubeObject
	readonly host: HostName
	readonly extensions: readonly WantedExtension[]
}

export type Placement = {readonly placed: readonly Placed[]; readonly reasons: readonly Reason[]}

export type PlacementInput = AtWaypoint & {
	readonly target: Installed
	readonly facts: ClusterFacts
}

/** An extension with its place in the profile's order, which a host's priorities follow. */
export type Ordered = {readonly extension: WantedExtension; readonly index: number}

/**
 * The kind that every istiod of the cluster reads: TrafficExtension where all are known to be 1.30 or newer. An object
 * that one revision reads and another does not would run in some of the pods only.
 */
function istioKind({installed}: ClusterFacts): IstioKind {
	const versions = installed
		.filter(({dataplane}) => dataplane.name.startsWith("istio-"))
		.map(({installation}) => coerce(installation.version))
	const known = versions.length > 0 && versions.every((one) => one !== null && gte(one, "1.30.0"))
	return known ? "TrafficExtension" : "WasmPlugin"
}

/** The host of modules that a dataplane brings. */
const hosts: Readonly<Record<string, HostName>> = {
	"istio-sidecar": "istio-sidecar",
	"istio-ambient": "istio-waypoint",
	mosn: "mosn",
}

/** Where the extensions of the workloads' own proxies run on a target. */
export function ownPlacement(wanted: readonly Ordered[], input: PlacementInput): Placement {
	const {dataplane, installation} = input.target
	// Of none its capability says so already, in terms of the feature.
	if (wanted.length === 0 || dataplane.family === "None") return {placed: [], reasons: []}
	const host = hosts[dataplane.name]
	if (host === undefined || wasmHost(host, installation.version) === undefined)
		return {placed: [], reasons: [unknownHost(`${dataplane.name} ${installation.version ?? ""}`.trim())]}
	switch (host) {
		case "istio-sidecar":
			return {placed: wanted.map((one) => inIstio(one, input, host, {sidecars: true})), reasons: []}
		case "istio-waypoint":
			return joined(wanted.map((one) => inWaypoint(one, input)))
		default:
			return {placed: [], reasons: [byHand(wanted, host)]}
	}
}

const unknownHost = (name: string): Reason =>
	reason("ExtensionHostUnknown", {message: `Heddle has no way to bring a module to ${name}.`})

export function inIstio(
	{extension, index}: Ordered,
	{namespace, facts}: Pick<PlacementInput, "namespace" | "facts">,
	host: HostName,
	place: IstioPlace,
): Placed {
	const name = `${prefix}${host.replace("istio-", "")}-${extension.name}`
	const manifest = istioObject(name, namespace, {extension, index, kind: istioKind(facts), place})
	return {manifest, host, extensions: [extension]}
}

function inWaypoint(one: Ordered, input: PlacementInput): Placement {
	const found = waypointTargets(one.extension, input)
	return "targets" in found
		? {placed: [inIstio(one, input, "istio-waypoint", {targets: found.targets})], reasons: []}
		: {placed: [], reasons: found.reasons}
}

/** What only a person can put in place, shown whole. */
export function byHand(wanted: readonly Ordered[], host: HostName): Reason {
	const extensions = wanted.map(({extension}) => extension)
	const names = extensions.map(({name}) => name).join(", ")
	const configuration = fileConfigurations[host]?.(extensions)
	const text = typeof configuration === "string" ? configuration : JSON.stringify(configuration)
	return reason("ExtensionHostNeedsConfiguration", {
		message: `${host} runs ${names} by its own files: ${text}`,
	})
}

export const joined = (parts: readonly Placement[]): Placement => ({
	placed: parts.flatMap(({placed}) => placed),
	reasons: parts.flatMap(({reasons}) => reasons),
})
