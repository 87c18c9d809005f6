import type {ABI, HostName} from "../../../profiles/wasm-hosts/host.ts"
import {mosn010, mosn020} from "./mosn.ts"
import {nginx} from "./nginx.ts"
import {byABI, emscripten, everyABI} from "./proxy-wasm.ts"
import {type Functions, together} from "./signatures.ts"
import {wasiOfGo124, wasiPreview1, wasiSince2021} from "./wasi.ts"

/** What hosts in a range of their versions offer to a module, by the ABI that it has. */
export type Offer = {
	readonly hosts: readonly HostName[]
	/** A semver range; those of one host do not overlap. */
	readonly versions: string
	readonly functions: Readonly<Partial<Record<ABI, Functions>>>
	/** Exports of which one is there, by which the host asks for memory to put a value into. */
	readonly allocators: readonly string[]
	/** The name that the module's memory has to have; any, where absent. */
	readonly memory?: string
	readonly source: string
}

const ofEnvoy = (wasi: Functions): Offer["functions"] => ({
	"proxy-wasm 0.1.0": together(everyABI, byABI["proxy-wasm 0.1.0"], emscripten, wasi),
	"proxy-wasm 0.2.0": together(everyABI, byABI["proxy-wasm 0.2.0"], emscripten, wasi),
	"proxy-wasm 0.2.1": together(everyABI, byABI["proxy-wasm 0.2.1"], emscripten, wasi),
})
const allocators = ["malloc", "proxy_on_memory_allocate"]
const before = ofEnvoy(wasiSince2021)
const since133 = ofEnvoy(together(wasiSince2021, wasiOfGo124))

const cppHost = "proxy-wasm/proxy-wasm-cpp-host:src/wasm.cc"
const go124 = "envoyproxy/envoy:changelogs/1.33.0.yaml (Go 1.24 and newer)"

const istio: readonly HostName[] = ["istio-sidecar", "istio-waypoint", "istio-gateway"]
/** Istio 1.16 has Envoy 1.24 and they tend to go up one by one: with one release of margin 1.26 has 1.33 at least. */
const envoyOfIstio = "istio.io/latest/docs/releases/supported-releases, Supported Envoy Versions"
const envoyOfGateway = "gateway.envoyproxy.io/news/releases/matrix: 1.3 has Envoy 1.33"

/**
 * The host functions of Wasm hosts. Envoy has more of WASI since a host library of 2026-04
 * (proxy-wasm-cpp-host#533); which releases of Istio and Envoy Gateway have it is told nowhere, so none counts.
 */
export const offers: readonly Offer[] = [
	{
		hosts: istio,
		versions: ">=1.16.0 <1.26.0",
		functions: before,
		allocators,
		source: `${cppHost}; ${envoyOfIstio}`,
	},
	{
		hosts: istio,
		versions: ">=1.26.0",
		functions: since133,
		allocators,
		source: `${cppHost}; ${go124}; ${envoyOfIstio}`,
	},
	{
		hosts: ["envoy-gateway"],
		versions: ">=1.1.0 <1.3.0",
		functions: before,
		allocators,
		source: `${cppHost}; ${envoyOfGateway}`,
	},
	{
		hosts: ["envoy-gateway"],
		versions: ">=1.3.0",
		functions: since133,
		allocators,
		source: `${cppHost}; ${go124}; ${envoyOfGateway}`,
	},
	{
		hosts: ["mosn"],
		versions: ">=1.0.0",
		functions: {
			"proxy-wasm 0.1.0": together(mosn010, wasiPreview1),
			"proxy-wasm 0.2.0": together(mosn020, wasiPreview1),
		},
		// wazero/instance.go and wasmer/instance.go ask for this one alone.
		allocators: ["malloc"],
		memory: "memory",
		source: "mosn/proxy-wasm-go-host:internal/imports (2023-06)",
	},
	{
		hosts: ["apisix", "openresty"],
		versions: "*",
		functions: {
			"proxy-wasm 0.1.0": together(nginx, wasiPreview1),
			"proxy-wasm 0.2.0": together(nginx, wasiPreview1),
			"proxy-wasm 0.2.1": together(nginx, wasiPreview1),
		},
		allocators,
		memory: "memory",
		source: "api7/wasm-nginx-module:src/http/ngx_http_wasm_api_def.h, src/vm/wasmtime.c (2024-02)",
	},
]
