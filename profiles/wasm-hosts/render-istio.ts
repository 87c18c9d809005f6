import type {KubeObject} from "../snapshot/object.ts"
import type {WantedExtension} from "./host.ts"
import {wasmHost} from "./hosts.ts"

export type IstioKind = "TrafficExtension" | "WasmPlugin"
export type IstioTarget = {
	readonly group: string
	readonly kind: "Gateway" | "Service"
	readonly name: string
}

/**
 * Where an extension runs: in the sidecars of the selected pods, or in waypoints and gateways by target. In a sidecar
 * it runs on what comes in, so that it means the same there as in a waypoint: by default Istio would run it on the
 * pods' own calls as well.
 */
export type IstioPlace = {readonly sidecars: true} | {readonly targets: readonly IstioTarget[]}

export type IstioExtension = {
	readonly extension: WantedExtension
	/** From 0; the first of a phase runs first. */
	readonly index: number
	readonly kind: IstioKind
	readonly place: IstioPlace
}

const highest = 1000
const step = 10

/** Those behind keep their priority when one is added at the end. */
const priorityOf = (index: number): number => highest - step * index

/** The spec of a TrafficExtension or a WasmPlugin (https://istio.io/latest/docs/reference/config/proxy_extensions/). */
export function istioSpec({extension, index, kind, place}: IstioExtension): object {
	const {url, sha256, config, phase, failurePolicy, imagePullSecret} = extension
	const failure = wasmHost("istio-sidecar")?.failure[failurePolicy]
	const module = {
		url,
		sha256,
		...(imagePullSecret === undefined ? {} : {imagePullSecret}),
		...(config === undefined || Object.keys(config).length === 0 ? {} : {pluginConfig: config}),
		failStrategy: failure,
	}
	return {
		...attachment(extension, place),
		...(phase === "Unspecified" ? {} : {phase: phase.toUpperCase()}),
		priority: priorityOf(index),
		...(kind === "TrafficExtension" ? {wasm: module} : module),
	}
}

function attachment({selector}: WantedExtension, place: IstioPlace): object {
	if ("targets" in place) return {targetRefs: place.targets}
	const matchLabels = selector?.matchLabels ?? {}
	return {
		...(Object.keys(matchLabels).length === 0 ? {} : {selector: {matchLabels}}),
		match: [{mode: "SERVER"}],
	}
}

export function istioObject(name: string, namespace: string, wanted: IstioExtension): KubeObject {
	const {kind} = wanted
	return {
		apiVersion: "extensions.istio.io/v1alpha1",
		kind,
		metadata: {name, namespace},
		...{spec: istioSpec(wanted)},
	}
}
