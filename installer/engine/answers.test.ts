import {expect, test} from "vitest"
import {withoutComponents, withWishes} from "./answers.ts"
import {checkedInstallation} from "./checked.ts"
import {emptyInstallation, installationOf} from "./installation.ts"

const empty = emptyInstallation("test")
const wish = (names: readonly string[], settings: readonly string[] = []) =>
	withWishes(empty, {names, settings}).spec.components

test("components are named, their arguments set; versions stay text", () => {
	expect(
		wish(
			["operator", "istio-ambient", "wasm-runtime"],
			[
				"operator.replicas=3",
				"istio-ambient.version=1.30",
				"istio-ambient.ownCNIConfig=false",
				"wasm-runtime.runtimes=[spin, wasmedge]",
			],
		),
	).toEqual({
		operator: {replicas: 3},
		"istio-ambient": {version: "1.30", ownCNIConfig: false},
		"wasm-runtime": {runtimes: ["spin", "wasmedge"]},
	})
})

test.each([
	["an unknown component", ["istio"], [], /there is no component istio/],
	["a setting without a component", ["operator"], ["replicas=3"], /--set replicas=3 sets nothing/],
	[
		"a setting of what is not installed",
		["operator"],
		["dapr.version=1.18.3"],
		/dapr is not to be installed/,
	],
])("%s is refused by its name", (_name, names, settings, message) => {
	expect(() => wish(names, settings)).toThrow(message)
})

test("a component is taken out, with the last one the release; one that is not there is not", () => {
	const both = withWishes(empty, {names: ["operator", "dapr"], settings: []})
	expect(withoutComponents(both, ["dapr"])?.spec.components).toEqual({operator: {}})
	expect(withoutComponents(both, ["dapr", "operator"])).toBeUndefined()
	expect(() => withoutComponents(both, ["cilium"])).toThrow(/cilium is not part of the release test/)
})

test("a document that is none names each field", () => {
	const wrong = {
		apiVersion: "v1",
		kind: "Installation",
		metadata: {name: "UPPER"},
		spec: {components: {istio: {}}},
	}
	const failure = (() => {
		try {
			return installationOf(wrong, "x.yaml")
		} catch (error) {
			return error
		}
	})()
	expect(failure).toMatchObject({
		code: "InvalidInput",
		details: [
			expect.stringContaining("apiVersion"),
			expect.stringContaining("metadata.name"),
			expect.stringContaining("spec.components"),
		],
	})
})

test("what is recorded says its versions, so that it means the same to a later Heddle", () => {
	const checked = checkedInstallation(
		withWishes(empty, {names: ["dapr", "operator"], settings: []}),
		undefined,
	)
	expect(checked.spec.components).toEqual({dapr: {version: "1.18.3"}, operator: {}})
})

test.each([
	[
		"Cilium 1.20 with old CRDs",
		{"gateway-api": {version: "1.6.0"}, cilium: {apiServerHost: "a"}},
		"VersionsDoNotFit",
	],
	["two istiods of one revision", {"istio-sidecar": {}, "istio-ambient": {}}, "SameRevision"],
	["Kmesh beside a current ambient", {kmesh: {}, "istio-ambient": {}}, "VersionsDoNotFit"],
])("%s is refused before anything is changed", (_name, components, code) => {
	const installation = {...empty, spec: {components, profiles: []}}
	expect(() => checkedInstallation(installation, "v1.33.0")).toThrow(
		expect.objectContaining({code, exit: 3}) as Error,
	)
})

test("a cluster that is too old for a component refuses it", () => {
	const installation = withWishes(empty, {names: ["istio-sidecar"], settings: []})
	expect(() => checkedInstallation(installation, "v1.28.3-gke.100")).toThrow(
		expect.objectContaining({code: "VersionsDoNotFit"}) as Error,
	)
})
