import {describe, expect, it} from "vitest"
import type {KubeObject} from "../../snapshot/object.ts"
import type {Container} from "../../snapshot/shapes.ts"
import {snapshotOf} from "../../snapshot/snapshot.ts"
import {daemonSet, deployment, namespace, node, pod} from "../../testing/builders.ts"
import type {RuntimeMove} from "../runtime.ts"
import {wasmedge} from "../wasmedge/index.ts"
import {wasmtime} from "../wasmtime/index.ts"
import {handlerOf} from "./runtime-class.ts"

const runtimeClass = (name: string, handler = name, nodeSelector?: Record<string, string>): KubeObject => ({
	apiVersion: "node.k8s.io/v1",
	kind: "RuntimeClass",
	metadata: {name},
	...{handler, ...(nodeSelector === undefined ? {} : {scheduling: {nodeSelector}})},
})
const module = (runtimeClassName: string, annotations = {}, container: Partial<Container> = {}) =>
	deployment("cart-wasm", {
		template: {
			metadata: {annotations},
			spec: {runtimeClassName, containers: [{name: "app", ...container}]},
		},
	})
const ambient: RuntimeMove = {
	namespace: "shop",
	wish: {},
	to: "istio-ambient",
	encrypts: true,
	injects: false,
}
const sidecars: RuntimeMove = {...ambient, to: "istio-sidecar", injects: true}
const wishing = (runtimeClassName: string): RuntimeMove => ({...ambient, wish: {wasm: {runtimeClassName}}})
const always = ["WasmNotObservable", "WasmCostUnproven"]
const codes = (objects: readonly KubeObject[], move: RuntimeMove) =>
	wasmedge.hazards(snapshotOf([namespace("shop"), ...objects]), move).map(({code}) => code)

describe("a handler", () => {
	it.each([
		["wasmedge", {engine: "wasmedge", shim: "runwasi"}],
		["wasmtime", {engine: "wasmtime", shim: "runwasi"}],
		["wasmtime-spin-v2", {engine: "wasmtime", shim: "spin"}],
		["crun", {engine: "wasmedge", shim: "crun"}],
		["crun-wasmtime", {engine: "wasmtime", shim: "crun"}],
		["runsc", undefined],
	])("%s", (handler, expected) => {
		expect(handlerOf(runtimeClass("any", handler))).toEqual(expected)
	})
})

describe("what to know of modules before a move", () => {
	const crun = runtimeClass("crun")
	const runwasi = runtimeClass("wasmedge")
	const cni = daemonSet("istio-cni-node", {namespace: "istio-system"})
	const command = {exec: {command: ["true"]}}
	it.each<[string, readonly KubeObject[], RuntimeMove, readonly string[]]>([
		["the class is not there", [], wishing("wasmedge"), ["RuntimeClassMissing"]],
		["its handler is not known", [runtimeClass("odd")], wishing("odd"), ["RuntimeHandlerUnknown"]],
		[
			"no node is labelled",
			[runtimeClass("wasmedge", "wasmedge", {wasm: "true"}), node("n1")],
			wishing("wasmedge"),
			["RuntimeClassWithoutNodes"],
		],
		[
			"only a cordoned node is labelled",
			[
				runtimeClass("wasmedge", "wasmedge", {wasm: "true"}),
				{...node("n1", {unschedulable: true}), metadata: {name: "n1", labels: {wasm: "true"}}},
				node("n2"),
			],
			wishing("wasmedge"),
			["RuntimeClassWithoutNodes"],
		],
		[
			"a node is labelled",
			[
				runtimeClass("wasmedge", "wasmedge", {wasm: "true"}),
				{...node("n1"), metadata: {name: "n1", labels: {wasm: "true"}}},
			],
			wishing("wasmedge"),
			[],
		],
		[
			"a native workload stays native",
			[runwasi, deployment("cart")],
			wishing("wasmedge"),
			["RuntimeClassNotWritten"],
		],
		["ambient injects nothing", [crun, module("crun")], ambient, always],
		[
			"crun takes the sidecar for a module",
			[crun, cni, module("crun")],
			sidecars,
			["WasmSidecarNotSmart", ...always],
		],
		[
			"crun was told to look",
			[crun, cni, module("crun", {"module.wasm.image/variant": "compat-smart"})],
			sidecars,
			always,
		],
		[
			"crun was told by its other annotation",
			[crun, cni, module("crun", {"run.oci.handler": "wasm-smart"})],
			sidecars,
			always,
		],
		[
			"plain compat is not enough",
			[crun, cni, module("crun", {"module.wasm.image/variant": "compat"})],
			sidecars,
			["WasmSidecarNotSmart", ...always],
		],
		[
			"daprd under crun",
			[crun, module("crun", {"dapr.io/enabled": "true"})],
			ambient,
			["WasmSidecarNotSmart", ...always],
		],
		[
			"runwasi runs a sidecar, as far as a name tells",
			[runwasi, cni, module("wasmedge")],
			sidecars,
			["WasmSidecarShimUnproven", ...always],
		],
		[
			"the redirection needs NET_ADMIN without the CNI",
			[runwasi, module("wasmedge")],
			sidecars,
			["WasmSidecarShimUnproven", "WasmPrivilegedInit", ...always],
		],
		[
			"a probe runs a command",
			[runwasi, module("wasmedge", {}, {livenessProbe: command})],
			ambient,
			["WasmExecProbe", ...always],
		],
		[
			"a hook runs a command",
			[runwasi, module("wasmedge", {}, {lifecycle: {preStop: command}})],
			ambient,
			["WasmExecProbe", ...always],
		],
		["another engine's", [runtimeClass("wasmtime"), module("wasmtime")], sidecars, []],
		["a class that is none of modules", [runtimeClass("gvisor", "runsc"), module("gvisor")], sidecars, []],
	])("%s", (_, objects, move, expected) => {
		expect(codes(objects, move)).toEqual(expected)
	})
})

describe("an engine", () => {
	const spin = runtimeClass("spin", "wasmtime-spin-v2")
	const built = pod("cart-wasm")
	const one = {...built, spec: {...built.spec, runtimeClassName: "spin"}}
	it("is there when a class has its handler", () => {
		expect(wasmtime.detect(snapshotOf([spin]))).toHaveLength(1)
		expect(wasmedge.detect(snapshotOf([spin]))).toEqual([])
	})
	it("says of a pod what it asks for, and claims no more", () => {
		expect(wasmtime.evidence(one, snapshotOf([spin]))).toEqual({
			state: "in",
			ready: true,
			detail: "it asks for the RuntimeClass spin and is Ready",
		})
		expect(wasmedge.evidence(one, snapshotOf([spin]))).toBeUndefined()
		expect(wasmtime.evidence(one, snapshotOf([]))).toBeUndefined()
	})
	it("sets nothing and owns nothing", () => {
		const template = {object: one, template: one}
		expect(wasmtime.enrol(snapshotOf([]), template, {wasm: {runtimeClassName: "spin"}})).toEqual({
			labels: {},
			annotations: {},
		})
		expect(wasmtime.owns("dapr.io/enabled")).toBe(false)
	})
})
