import {satisfies} from "semver"
import type {ABI, HostName, WasmHost} from "./host.ts"

const docs = "https://istio.io/latest/docs/reference/config/proxy_extensions"
const envoyABIs: readonly ABI[] = ["proxy-wasm 0.1.0", "proxy-wasm 0.2.0", "proxy-wasm 0.2.1"]

const blocksPods =
	"an image that cannot be had keeps new pods from getting ready, also where failures are ignored (istio#53279, #41450, #41416, #44840)"
const perThread =
	"each worker thread of the proxy runs a copy of the module (Envoy, arch_overview/advanced/wasm)"

const istio = {
	abis: envoyABIs,
	engine: "V8",
	phases: {Authn: "AUTHN", Authz: "AUTHZ", Stats: "STATS", Unspecified: "before the router"},
	failure: {Fail: "FAIL_CLOSE", Ignore: "FAIL_OPEN"},
	// istio:pkg/wasm/cache.go compares the digest of the image where the address is an oci one.
	digests: {oci: "the image's manifest", https: "the module"},
	traps: [blocksPods, perThread],
} as const satisfies Partial<WasmHost>

const trafficExtension = {apiVersion: "extensions.istio.io/v1alpha1", kind: "TrafficExtension"} as const
const wasmPlugin = {apiVersion: "extensions.istio.io/v1alpha1", kind: "WasmPlugin"} as const
const newPage = `${docs}/traffic_extension/`
const oldPage = `${docs}/wasm-plugin/`

const istioHost = (
	name: HostName,
	attachment: WasmHost["attachment"],
	oldest: string,
): readonly WasmHost[] => [
	{...istio, name, versions: ">=1.30.0", object: trafficExtension, attachment, source: newPage},
	{...istio, name, versions: `>=${oldest} <1.30.0`, object: wasmPlugin, attachment, source: oldPage},
]

const apisixModule =
	"https://github.com/api7/wasm-nginx-module (under construction by its own account; part of the ABI)"

/** Every host of modules that Heddle knows; where a host has several rows, their ranges do not overlap. */
export const wasmHosts: readonly WasmHost[] = [
	// Since 1.19 the CRD of WasmPlugin has both `match` and `failStrategy`: what it does not have is dropped in silence.
	...istioHost("istio-sidecar", "selector", "1.19.0"),
	...istioHost("istio-waypoint", "targetRefs", "1.24.0"),
	...istioHost("istio-gateway", "targetRefs", "1.24.0"),
	{
		name: "envoy-gateway",
		versions: ">=1.1.0",
		abis: envoyABIs,
		engine: "V8",
		object: {apiVersion: "gateway.envoyproxy.io/v1alpha1", kind: "EnvoyExtensionPolicy"},
		attachment: "targetRefs",
		phases: {Unspecified: "in the order of the list"},
		failure: {Fail: "failOpen: false", Ignore: "failOpen: true"},
		digests: {oci: "the image's manifest", https: "the module"},
		traps: [
			"a module that cannot be fetched is tried five times and then never again (gateway#5619)",
			"of several policies on one Gateway the oldest counts and the others are not run",
			perThread,
		],
		source: "envoyproxy/gateway:api/v1alpha1/wasm_types.go",
	},
	{
		name: "mosn",
		versions: ">=1.0.0",
		abis: ["proxy-wasm 0.1.0", "proxy-wasm 0.2.0"],
		engine: "wazero or wasmer",
		attachment: "a listener's filters",
		phases: {Unspecified: "in the order of the list"},
		failure: {Ignore: "a request passes when the module cannot run"},
		digests: {},
		traps: [
			"it reads a file of its own container: the image has to carry the module",
			"values of the configuration that are no strings are dropped (mosn:pkg/filter/stream/proxywasm/configs.go)",
		],
		source: "mosn/mosn:examples/codes/wasm, pkg/filter/stream/proxywasm",
	},
	{
		name: "apisix",
		versions: "*",
		abis: envoyABIs,
		engine: "Wasmtime or WasmEdge",
		attachment: "a route's plugins",
		phases: {Authn: "rewrite", Authz: "access", Unspecified: "access"},
		failure: {Fail: "the request ends with an error"},
		digests: {},
		traps: [
			"modules stand in config.yaml and are read when APISIX starts: a change needs a restart",
			"part of the ABI only; see wasm-nginx-module",
		],
		source: "https://apisix.apache.org/docs/apisix/wasm/",
	},
	{
		name: "openresty",
		versions: "*",
		abis: envoyABIs,
		engine: "Wasmtime or WasmEdge",
		attachment: "a route's plugins",
		phases: {Authn: "rewrite", Authz: "access", Unspecified: "access"},
		failure: {Fail: "the request ends with an error"},
		digests: {},
		traps: ["it needs an OpenResty that was built with wasm-nginx-module, and part of the ABI only"],
		source: apisixModule,
	},
]

/**
 * The row of a host in a version. Without a version the oldest row counts: what it says was true first and holds
 * since, while nothing proves that a newer one applies.
 */
export function wasmHost(name: HostName, version?: string): WasmHost | undefined {
	const rows = wasmHosts.filter((row) => row.name === name)
	const release = version?.split("-")[0]
	return release === undefined
		? rows.at(-1)
		: rows.find(({versions}) => satisfies(release, versions, {loose: true}))
}
