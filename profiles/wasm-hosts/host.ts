import type {MeshProfileExtension} from "../../crds/generated.ts"

/** Where a module runs. `istio-waypoint` is ambient's; ztunnel itself runs none. */
export type HostName =
	| "istio-sidecar"
	| "istio-waypoint"
	| "istio-gateway"
	| "envoy-gateway"
	| "mosn"
	| "apisix"
	| "openresty"

export type Phase = NonNullable<MeshProfileExtension["phase"]>
export type FailurePolicy = NonNullable<MeshProfileExtension["failurePolicy"]>

/** The application binary interfaces of proxies; `http-wasm` is Dapr's middleware and no proxy's. */
export type ABI = "proxy-wasm 0.1.0" | "proxy-wasm 0.2.0" | "proxy-wasm 0.2.1"

/** What a digest in a profile has to be of, by the scheme of the address. */
export type DigestOf = "the module" | "the image's manifest" | "not checked"

/** One host of modules in a range of its versions, as its own documentation or source says it. */
export type WasmHost = {
	readonly name: HostName
	/** A semver range of the host's versions. */
	readonly versions: string
	readonly abis: readonly ABI[]
	readonly engine: string
	/** The object that brings a module; absent where the host reads files of its own. */
	readonly object?: {readonly apiVersion: string; readonly kind: string}
	/** How the object finds its traffic. */
	readonly attachment: "selector" | "targetRefs" | "a route's plugins" | "a listener's filters"
	/** What each phase is there; absent where the host knows no such place. */
	readonly phases: Readonly<Partial<Record<Phase, string>>>
	/** What each failure policy is there; absent where the host cannot do it. */
	readonly failure: Readonly<Partial<Record<FailurePolicy, string>>>
	readonly digests: Readonly<Partial<Record<"oci" | "https", DigestOf>>>
	/** What is known to go wrong, each with where it is told. */
	readonly traps: readonly string[]
	readonly source: string
}

/** An extension as a profile asks for it, its defaults filled in. */
export type WantedExtension = MeshProfileExtension & {
	readonly phase: Phase
	readonly failurePolicy: FailurePolicy
	readonly rollout: NonNullable<MeshProfileExtension["rollout"]>
}
