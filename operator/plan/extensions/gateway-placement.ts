import type {Reason} from "../../../profiles/reason.ts"
import {reason} from "../../../profiles/reasons.ts"
import {type KubeObject, refOf} from "../../../profiles/snapshot/object.ts"
import type {Custom} from "../../../profiles/snapshot/shapes.ts"
import type {Snapshot} from "../../../profiles/snapshot/snapshot.ts"
import type {HostName} from "../../../profiles/wasm-hosts/host.ts"
import {wasmHost} from "../../../profiles/wasm-hosts/hosts.ts"
import {EnvoyExtensionPolicy} from "../../../profiles/wasm-hosts/kinds.ts"
import {envoyExtensionPolicy} from "../../../profiles/wasm-hosts/render-envoy-gateway.ts"
import {servedBy} from "../../../profiles/wasm-hosts/served-by.ts"
import type {ClusterFacts} from "../facts.ts"
import {prefix} from "./owned.ts"
import {byHand, inIstio, joined, type Ordered, type Placement} from "./placement.ts"

type At = {readonly snapshot: Snapshot; readonly namespace: string; readonly facts: ClusterFacts}

/** Where the extensions run that name a Gateway, whatever the dataplane of the namespace is. */
export function gatewayPlacement(wanted: readonly Ordered[], at: At): Placement {
	const gateways = new Set(wanted.flatMap(({extension}) => extension.targetRef?.name ?? []))
	return joined(
		[...gateways].sort().map((gateway) =>
			inGateway(
				gateway,
				wanted.filter(({extension}) => extension.targetRef?.name === gateway),
				at,
			),
		),
	)
}

function inGateway(gateway: string, own: readonly Ordered[], at: At): Placement {
	const found = servedBy(at.snapshot, at.namespace, gateway)
	const names = own.map(({extension}) => extension.name).join(", ")
	if ("missing" in found)
		return refused(reason("ExtensionTargetMissing", {message: `${found.missing}, for ${names}.`}))
	if ("unknown" in found) return refused(reason("ExtensionHostUnknown", {message: `${found.unknown}.`}))
	return inHost(found.host, gateway, own, at)
}

const refused = (...reasons: readonly Reason[]): Placement => ({placed: [], reasons})

function inHost(host: HostName, gateway: string, own: readonly Ordered[], at: At): Placement {
	switch (host) {
		case "istio-gateway":
		case "istio-waypoint": {
			const targets = [{group: "gateway.networking.k8s.io", kind: "Gateway", name: gateway}] as const
			return {placed: own.map((one) => inIstio(one, at, "istio-gateway", {targets})), reasons: []}
		}
		case "envoy-gateway":
			return inEnvoyGateway(gateway, own, at)
		default:
			return refused(byHand(own, host))
	}
}

function inEnvoyGateway(gateway: string, own: readonly Ordered[], {snapshot, namespace}: At): Placement {
	const extensions = own.map(({extension}) => extension)
	const name = `${prefix}${gateway}`
	const manifest = envoyExtensionPolicy(name, {namespace, gateway}, extensions)
	const rivals = snapshot
		.list(EnvoyExtensionPolicy, namespace)
		.filter((one) => one.metadata.name !== name && isAttachedTo(one, gateway))
	const conflicts = rivals.map((one) =>
		reason("ExtensionPolicyConflict", {
			object: refOf(one),
			message: `${refOf(one)} is attached to the Gateway ${gateway} as well.`,
		}),
	)
	return {
		placed: [{manifest, host: "envoy-gateway", extensions}],
		reasons: [...conflicts, ...phaseRemarks(manifest, own)],
	}
}

function isAttachedTo({spec}: Custom, gateway: string): boolean {
	const refs = [spec?.targetRef, ...(Array.isArray(spec?.targetRefs) ? spec.targetRefs : [])]
	return refs.some(
		(ref: {kind?: unknown; name?: unknown} | undefined) => ref?.kind === "Gateway" && ref.name === gateway,
	)
}

function phaseRemarks(manifest: KubeObject, own: readonly Ordered[]): readonly Reason[] {
	const phases = wasmHost("envoy-gateway")?.phases ?? {}
	const lost = own.filter(({extension}) => phases[extension.phase] === undefined)
	if (lost.length === 0) return []
	const names = lost.map(({extension}) => `${extension.name} (${extension.phase})`).join(", ")
	const message = `Envoy Gateway knows no phases: ${names} runs in the order of the profile.`
	return [reason("ExtensionPhaseIgnored", {object: refOf(manifest), message})]
}
