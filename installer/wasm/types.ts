import type {DigestOf, HostName} from "../../profiles/wasm-hosts/host.ts"
import type {Module} from "./binary/module.ts"
import type {Run} from "./sandbox/run.ts"

/** How an image carries its module; the first three are those that Istio and Envoy Gateway read. */
export type Layout =
	| "compat (Docker)"
	| "compat (OCI)"
	| "artifact"
	| "artifact of one layer"
	| "CNCF artifact"

export type Image = {
	/** `registry/repository`. */
	readonly name: string
	readonly tag?: string
	/** `sha256:…` of the manifest that has the module. */
	readonly digest: string
	/** `sha256:…` of the index that names it, where there is one. */
	readonly index?: string
	readonly layout: Layout
}

/** A module as it was had, wherever it came from. */
export type Fetched = {
	readonly address: string
	readonly bytes: Uint8Array
	readonly image?: Image
}

/** What an address has to be pinned by in a profile. */
export type Pin = {readonly sha256: string; readonly of: Exclude<DigestOf, "not checked">}

export type RefusalCode =
	/** The host takes no module of this kind, or not in this version. */
	| "ABINotOffered"
	/** The host has no such import: it would not load the module. */
	| "ImportNotOffered"
	/** The host has the import with another signature: it would not load the module. */
	| "ImportDiffers"
	/** The host could not hand a header to the module. */
	| "NoAllocator"
	| "NoMemory"
	/** The host does not read images of this layout. */
	| "LayoutNotRead"
	/** It did not get through its own initialisation in the sandbox. */
	| "DoesNotStart"

export type Refusal = {readonly code: RefusalCode; readonly message: string}

/** What one host in one range of its versions makes of the module. */
export type HostVerdict = {
	readonly host: HostName
	/** A semver range. */
	readonly versions: string
	/** Its acceptance is part of the verdict. */
	readonly asked: boolean
	readonly accepted: boolean
	readonly reasons: readonly Refusal[]
	/** Where it is told what the host offers. */
	readonly source: string
}

/** What `heddle wasm inspect` found out; with `--output json` it is what `--wasm-proof` takes. */
export type Inspection = {
	readonly apiVersion: "heddle.dev/v1alpha1"
	readonly kind: "WasmInspection"
	readonly address: string
	readonly image?: Image
	/** SHA-256 of the module itself, in hex. */
	readonly sha256: string
	readonly bytes: number
	readonly pin: Pin
	/** What `--sha256` asked for, and whether it is the pin. */
	readonly expected?: {readonly sha256: string; readonly matches: boolean}
	readonly abi: readonly string[]
	readonly imports: Module["imports"]
	readonly exports: Module["exports"]
	readonly memory: {readonly initialMiB: number; readonly maximumMiB?: number}
	readonly run: Run
	readonly hosts: readonly HostVerdict[]
	readonly verdict: "Accepted" | "Refused"
}
