import type {Module} from "./binary/module.ts"

const proxyWasm = /^proxy_abi_version_(\d+)_(\d+)_(\d+)$/
const wasiModules = ["wasi_snapshot_preview1", "wasi_unstable"]

/**
 * The interfaces that a module is written for: `proxy-wasm 0.2.1` by the marker that it exports
 * (proxy-wasm/spec:abi-versions), `http-wasm` by its imports and exports (http-wasm.io/http-handler-abi), and
 * `WASI preview 1 (reactor|command|library)`.
 */
export function abiOf({imports, exports}: Module): readonly string[] {
	const exported = new Set(exports.filter(({kind}) => kind === "function").map(({name}) => name))
	const found = [...exported].flatMap((name) => {
		const [, ...version] = proxyWasm.exec(name) ?? []
		return version.length === 0 ? [] : [`proxy-wasm ${version.join(".")}`]
	})
	if (imports.some(({module}) => module === "http_handler") || exported.has("handle_request"))
		found.push("http-wasm")
	if (imports.some(({module}) => wasiModules.includes(module))) {
		const kind = exported.has("_initialize") ? "reactor" : exported.has("_start") ? "command" : "library"
		found.push(`WASI preview 1 (${kind})`)
	}
	return found
}
