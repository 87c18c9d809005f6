import type {HostName, WantedExtension} from "./host.ts"
import {wasmHost} from "./hosts.ts"

/*
 * Hosts that read configuration and modules from files of their own. Nothing that Heddle may write reaches them, so
 * this is for a person to put there; the module has to lie in the image, at the path that stands here.
 */

const pathOf = ({name}: WantedExtension): string => `/usr/local/share/wasm/${name}.wasm`

const configOf = ({config}: WantedExtension): string => JSON.stringify(config ?? {})

/** MOSN's stream filters, of a listener (mosn/mosn:examples/codes/wasm/http/config.json). */
export function mosnFilters(extensions: readonly WantedExtension[]): object {
	return {
		stream_filters: extensions.map((one) => ({
			type: "x-proxy-wasm",
			config: {
				...strings(one.config),
				instance_num: 1,
				vm_config: {engine: "wazero", path: pathOf(one)},
				root_context_id: 1,
			},
		})),
	}
}

/** MOSN hands a module strings only; anything else would be dropped without a word. */
function strings(config: WantedExtension["config"] = {}): Readonly<Record<string, string>> {
	return Object.fromEntries(
		Object.entries(config).map(([key, value]) => [
			key,
			typeof value === "string" ? value : JSON.stringify(value),
		]),
	)
}

/** Plugins of APISIX run by priority, the highest first; this one is that of its own example (docs/apisix/wasm). */
const highest = 7_999

/** What goes into APISIX's config.yaml, and what a route or a global rule then names. */
export function apisixConfig(extensions: readonly WantedExtension[]): {
	readonly config: object
	readonly plugins: object
} {
	const phases = wasmHost("apisix")?.phases ?? {}
	return {
		config: {
			wasm: {
				plugins: extensions.map((one, index) => ({
					name: one.name,
					priority: highest - index,
					file: pathOf(one),
					http_request_phase: phases[one.phase] ?? phases.Unspecified,
				})),
			},
		},
		plugins: Object.fromEntries(extensions.map((one) => [one.name, {conf: configOf(one)}])),
	}
}

/** What a location of OpenResty runs, by wasm-nginx-module's Lua library (api7/wasm-nginx-module:README.md). */
export function openrestyConfig(extensions: readonly WantedExtension[]): string {
	const phases = wasmHost("openresty")?.phases ?? {}
	const blocks = ["rewrite", "access"].map((phase) => {
		const own = extensions.filter((one) => (phases[one.phase] ?? phases.Unspecified) === phase)
		return own.length === 0 ? "" : `${phase}_by_lua_block {\n${own.map(lua).join("\n")}\n}`
	})
	return ["# http: wasm_vm wasmtime;", ...blocks.filter((one) => one !== "")].join("\n")
}

/** A module that cannot run ends the request: there is no other failure policy here. */
function lua(extension: WantedExtension): string {
	const [name, path, config] = [extension.name, pathOf(extension), configOf(extension)].map(quoted)
	return [
		"  do",
		`    local wasm = require("resty.proxy-wasm")`,
		`    local plugin = assert(wasm.load(${name}, ${path}))`,
		`    local context = assert(wasm.on_configure(plugin, ${config}))`,
		"    assert(wasm.on_http_request_headers(context))",
		"  end",
	].join("\n")
}

/** A Lua string; a configuration may hold quotes and line ends, and must not end the string or the block. */
function quoted(text: string): string {
	const bytes = [...new TextEncoder().encode(text)]
	const plain = /[A-Za-z0-9 _./:,[\]@-]/
	const escaped = bytes.map((byte) => {
		const character = String.fromCharCode(byte)
		return plain.test(character) ? character : `\\${String(byte).padStart(3, "0")}`
	})
	return `"${escaped.join("")}"`
}

/** What a person puts into a host that reads files of its own, by host. */
export const fileConfigurations: Readonly<
	Partial<Record<HostName, (extensions: readonly WantedExtension[]) => unknown>>
> = {mosn: mosnFilters, apisix: apisixConfig, openresty: openrestyConfig}
