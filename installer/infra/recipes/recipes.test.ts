import {expect, test} from "vitest"
import type {ChartPart} from "../charts/render.ts"
import type {Part} from "../part.ts"
import type {Recipe} from "../recipe.ts"
import {ArgumentError, checkedArgs} from "../recipe.ts"
import {cilium} from "./cilium.ts"
import {dapr} from "./dapr.ts"
import {envoyGateway} from "./envoy-gateway.ts"
import {gatewayApi} from "./gateway-api.ts"
import {istioAmbient, istioSidecar} from "./istio.ts"
import {kmesh} from "./kmesh.ts"
import {linkerd} from "./linkerd.ts"
import {wasmRuntime} from "./wasm-runtime.ts"

const anchors = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"

async function parts<A extends object>(recipe: Recipe<A>, given: object): Promise<readonly Part[]> {
	return await recipe.parts(checkedArgs(recipe, "mine", given))
}
const chartsOf = (all: readonly Part[]) => all.filter((part): part is ChartPart => part.from === "chart")

const installs: readonly [string, Recipe<never>, object, readonly string[]][] = [
	["IstioSidecar", istioSidecar as never, {}, ["base", "istiod"]],
	["IstioAmbient", istioAmbient as never, {}, ["base", "istiod", "cni", "ztunnel"]],
	["a second IstioSidecar", istioSidecar as never, {withBase: false, revision: "b"}, ["istiod"]],
	["Linkerd", linkerd as never, {trustAnchorsPEM: anchors}, ["linkerd-crds", "linkerd-control-plane"]],
	["Cilium", cilium as never, {apiServerHost: "10.0.0.1"}, ["cilium"]],
	["Kmesh", kmesh as never, {}, ["kmesh-helm"]],
	["EnvoyGateway", envoyGateway as never, {}, ["gateway-helm"]],
	["Dapr", dapr as never, {}, ["dapr"]],
]

test.each(installs)(
	"%s installs its charts in their order, from the folder that is named",
	async (_name, recipe, given, names) => {
		const charts = chartsOf(await parts(recipe, {...given, chartDir: "/charts"}))
		expect(charts.map(({chart}) => chart.name)).toEqual(names)
		expect(charts.every(({folder}) => folder === "/charts")).toBe(true)
	},
)

const wrong: readonly [string, Recipe<never>, object, RegExp][] = [
	["an unknown argument", istioSidecar as never, {colour: "red"}, /arguments: Unrecognized key: "colour"/],
	[
		"a version with a v",
		istioSidecar as never,
		{version: "v1.31.1"},
		/version: must be a full version without a v/,
	],
	["a version nobody looked at", istioSidecar as never, {version: "1.9.0"}, /version: 1\.9\.0 is not among/],
	["a revision with capitals", istioAmbient as never, {revision: "A"}, /revision: must be lower-case/],
	[
		"a kept revision twice",
		istioSidecar as never,
		{keep: [{version: "1.30.0", revision: "default"}]},
		/keep: the revision default is there twice/,
	],
	[
		"a kept version that is newer",
		istioSidecar as never,
		{version: "1.30.0", revision: "a", keep: [{version: "1.31.0", revision: "b"}]},
		/keep: 1\.31\.0 is newer/,
	],
	["no trust anchors", linkerd as never, {}, /trustAnchorsPEM/],
	[
		"a key among the trust anchors",
		linkerd as never,
		{trustAnchorsPEM: `${anchors}-----BEGIN PRIVATE KEY-----`},
		/keep the key out of here/,
	],
	[
		"Gateways without kube-proxy's work",
		cilium as never,
		{apiServerHost: "a", kubeProxyReplacement: false},
		/gatewayAPI: needs kubeProxyReplacement/,
	],
	["a channel that there is not", gatewayApi as never, {channel: "beta"}, /channel/],
	[
		"a runtime twice",
		wasmRuntime as never,
		{runtimes: ["spin", "spin"]},
		/runtimes: one of them is there twice/,
	],
]

test.each(wrong)("%s is refused by the name of the field", (_name, recipe, given, message) => {
	expect(() => checkedArgs(recipe, "mine", given)).toThrow(ArgumentError)
	expect(() => checkedArgs(recipe, "mine", given)).toThrow(message)
})

test("Istio keeps the tag default with the oldest revision, and its node agents follow the newest", async () => {
	const keep = [{version: "1.30.5", revision: "1-30-5"}]
	const charts = chartsOf(await parts(istioAmbient, {version: "1.31.1", revision: "1-31-1", keep}))
	const seen = charts.map(({release, version, values}) => [release, version, values.revisionTags])
	expect(seen).toEqual([
		["istio-base", "1.31.1", undefined],
		["istiod-1-30-5", "1.30.5", ["default"]],
		["istiod-1-31-1", "1.31.1", []],
		["istio-cni", "1.31.1", undefined],
		["ztunnel", "1.31.1", undefined],
	])
	expect(charts.at(0)?.values.defaultRevision).toBe("1-30-5")
})

test("no component hands a key or a password to a chart", async () => {
	for (const [, recipe, given] of installs) {
		const text = JSON.stringify(chartsOf(await parts(recipe, given)).map(({values}) => values))
		expect(text).not.toMatch(/PRIVATE KEY|password|keyPEM|"token"/i)
	}
})

test("the pods of Wasm runtimes go to nodes that have them; nodes are set up by a chosen image only", async () => {
	const bare = await parts(wasmRuntime, {runtimes: ["wasmedge", "wasmtime"]})
	expect(bare).toMatchObject([
		{
			objects: [
				{metadata: {name: "wasmedge"}, scheduling: {nodeSelector: {"heddle.dev/wasm": "true"}}},
				{handler: "wasmtime"},
			],
		},
	])
	const setUp = await parts(wasmRuntime, {installerImage: "registry.example/installer:1"})
	expect(setUp).toMatchObject([
		{objects: [{kind: "Namespace"}, {kind: "DaemonSet"}]},
		{objects: [{kind: "RuntimeClass"}]},
	])
})
