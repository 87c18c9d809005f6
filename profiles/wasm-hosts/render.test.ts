import {describe, expect, it} from "vitest"
import type {WantedExtension} from "./host.ts"
import {envoyExtensionPolicy} from "./render-envoy-gateway.ts"
import {apisixConfig, mosnFilters, openrestyConfig} from "./render-files.ts"
import {istioSpec} from "./render-istio.ts"

const sha256 = "a".repeat(64)
const extension = (more: Partial<WantedExtension> = {}): WantedExtension => ({
	name: "audit",
	url: "oci://registry.example/audit:1",
	sha256,
	phase: "Unspecified",
	failurePolicy: "Fail",
	rollout: "Canary",
	...more,
})
const sidecars = {sidecars: true} as const

describe("Istio", () => {
	it("runs a module on what comes into the pods that it selects", () => {
		const one = extension({selector: {matchLabels: {app: "cart"}}, phase: "Authz", failurePolicy: "Ignore"})
		expect(istioSpec({extension: one, index: 1, kind: "TrafficExtension", place: sidecars})).toEqual({
			selector: {matchLabels: {app: "cart"}},
			match: [{mode: "SERVER"}],
			phase: "AUTHZ",
			priority: 990,
			wasm: {url: one.url, sha256, failStrategy: "FAIL_OPEN"},
		})
	})

	it("takes the same fields of a WasmPlugin at the top, and hands configuration and secret on", () => {
		const one = extension({config: {header: "x"}, imagePullSecret: "registry"})
		expect(istioSpec({extension: one, index: 0, kind: "WasmPlugin", place: sidecars})).toEqual({
			match: [{mode: "SERVER"}],
			priority: 1000,
			url: one.url,
			sha256,
			imagePullSecret: "registry",
			pluginConfig: {header: "x"},
			failStrategy: "FAIL_CLOSE",
		})
	})

	it("attaches to targets without a selector or a direction", () => {
		const targets = [{group: "", kind: "Service", name: "cart"}] as const
		const one = extension({selector: {matchLabels: {app: "cart"}}, config: {}})
		expect(istioSpec({extension: one, index: 0, kind: "TrafficExtension", place: {targets}})).toEqual({
			targetRefs: targets,
			priority: 1000,
			wasm: {url: one.url, sha256, failStrategy: "FAIL_CLOSE"},
		})
	})
})

describe("Envoy Gateway", () => {
	it("has one policy with every module in its order", () => {
		const made = envoyExtensionPolicy("heddle-edge", {namespace: "shop", gateway: "edge"}, [
			extension({imagePullSecret: "registry", config: {a: 1}}),
			extension({name: "token", url: "https://host.example/token.wasm", failurePolicy: "Ignore"}),
		])
		expect(made).toMatchObject({
			kind: "EnvoyExtensionPolicy",
			metadata: {name: "heddle-edge", namespace: "shop"},
			spec: {
				targetRefs: [{group: "gateway.networking.k8s.io", kind: "Gateway", name: "edge"}],
				wasm: [
					{
						name: "audit",
						config: {a: 1},
						failOpen: false,
						code: {
							type: "Image",
							image: {
								url: "registry.example/audit:1",
								sha256,
								pullSecretRef: {kind: "Secret", name: "registry"},
							},
						},
					},
					{
						name: "token",
						failOpen: true,
						code: {type: "HTTP", http: {url: "https://host.example/token.wasm", sha256}},
					},
				],
			},
		})
	})
})

describe("hosts with files of their own", () => {
	const hostile = `x"]]\n}\\end`
	const two = [extension({phase: "Authn", config: {header: hostile, limit: 3}}), extension({name: "stats"})]

	it("MOSN gets strings only", () => {
		expect(mosnFilters(two)).toMatchObject({
			stream_filters: [
				{
					type: "x-proxy-wasm",
					config: {header: hostile, limit: "3", vm_config: {path: "/usr/local/share/wasm/audit.wasm"}},
				},
				{type: "x-proxy-wasm", config: {root_context_id: 1}},
			],
		})
	})

	it("APISIX runs the first with the highest priority, and authentication before access", () => {
		expect(apisixConfig(two)).toEqual({
			config: {
				wasm: {
					plugins: [
						{
							name: "audit",
							priority: 7999,
							file: "/usr/local/share/wasm/audit.wasm",
							http_request_phase: "rewrite",
						},
						{
							name: "stats",
							priority: 7998,
							file: "/usr/local/share/wasm/stats.wasm",
							http_request_phase: "access",
						},
					],
				},
			},
			plugins: {audit: {conf: JSON.stringify({header: hostile, limit: 3})}, stats: {conf: "{}"}},
		})
	})

	it("OpenResty gets Lua that a configuration cannot break out of", () => {
		const text = openrestyConfig(two)
		expect(text).toContain("rewrite_by_lua_block")
		expect(text).toContain("access_by_lua_block")
		const literals = [...text.matchAll(/on_configure\(plugin, "(.*)"\)/g)].map(([, one]) => one ?? "")
		expect(literals[0]).not.toMatch(/["{}\n]/)
		const decoded = literals[0]?.replace(/\\(\d{3})/g, (_, code) => String.fromCharCode(Number(code)))
		expect(decoded).toBe(JSON.stringify({header: hostile, limit: 3}))
	})
})
