import {beforeAll, describe, expect, test} from "vitest"
import {isKubeError, type KubeError} from "../../../operator/kube/errors.ts"
import {installCrds, tryCreate} from "../../kit/apply.ts"
import {freshNamespace, useWorld} from "../../kit/sandbox.ts"

const world = useWorld()
beforeAll(() => installCrds(world()))

const digest = "0123456789abcdef".repeat(4)
const selector = "namespaceSelector: {matchLabels: {team: payments}}"
const sidecar = "dataplane: {mode: Sidecar}"

type Case = {name: string; spec: readonly string[]; field: string; says: string}

const bad: readonly Case[] = [
	{
		name: "an unknown mode",
		spec: [selector, "dataplane: {mode: Fast}"],
		field: "spec.dataplane.mode",
		says: 'Unsupported value: "Fast": supported values: "Auto", "Sidecar", "Sidecarless", "Wasm", "None"',
	},
	{name: "no mode", spec: [selector, "dataplane: {}"], field: "spec.dataplane.mode", says: "Required value"},
	{
		name: "an unknown provider",
		spec: [selector, "dataplane: {mode: Sidecar, provider: envoy}"],
		field: "spec.dataplane.provider",
		says: 'Unsupported value: "envoy"',
	},
	{
		name: "a sidecarless provider with mode Sidecar",
		spec: [selector, "dataplane: {mode: Sidecar, provider: istio-ambient}"],
		field: "spec.dataplane.provider",
		says: "mode Sidecar takes the provider istio-sidecar, linkerd or mosn",
	},
	{
		name: "a sidecar provider with mode Sidecarless",
		spec: [selector, "dataplane: {mode: Sidecarless, provider: linkerd}"],
		field: "spec.dataplane.provider",
		says: "mode Sidecarless takes the provider istio-ambient, cilium",
	},
	{
		name: "a provider that runs no Wasm with mode Wasm",
		spec: [
			selector,
			"dataplane: {mode: Wasm, provider: linkerd}",
			`extensions: [{name: a, url: "oci://r.example/a:1", sha256: "${digest}"}]`,
		],
		field: "spec.dataplane.provider",
		says: "mode Wasm takes the provider istio-sidecar, istio-ambient or mosn",
	},
	{
		name: "a provider with mode Auto",
		spec: [selector, "dataplane: {mode: Auto, provider: cilium}"],
		field: "spec.dataplane.provider",
		says: "mode Auto chooses the provider",
	},
	{
		name: "a provider with mode None",
		spec: [selector, "dataplane: {mode: None, provider: cilium}"],
		field: "spec.dataplane.provider",
		says: "mode None has no provider",
	},
	{
		name: "a revision with mode Auto",
		spec: [selector, "dataplane: {mode: Auto, revision: canary}"],
		field: "spec.dataplane.revision",
		says: "modes Auto and None take none",
	},
	{
		name: "a revision that is no name",
		spec: [selector, 'dataplane: {mode: Sidecar, revision: "1.31.1"}'],
		field: "spec.dataplane.revision",
		says: "should match",
	},
	{
		name: "mode Wasm without extensions",
		spec: [selector, "dataplane: {mode: Wasm}"],
		field: "spec.extensions",
		says: "mode Wasm needs at least one entry in spec.extensions",
	},
	{
		name: "mode Wasm with an empty list of extensions",
		spec: [selector, "dataplane: {mode: Wasm}", "extensions: []"],
		field: "spec.extensions",
		says: "mode Wasm needs at least one entry in spec.extensions",
	},
	{
		name: "an extension that a tag alone names",
		spec: [
			selector,
			"dataplane: {mode: Wasm}",
			'extensions: [{name: audit, url: "oci://r.example/audit:1.4.0"}]',
		],
		field: "spec.extensions[0].sha256",
		says: "Required value",
	},
	{
		name: "an extension whose digest is cut short",
		spec: [
			selector,
			"dataplane: {mode: Wasm}",
			`extensions: [{name: audit, url: "oci://r.example/audit:1", sha256: abc}]`,
		],
		field: "spec.extensions[0].sha256",
		says: "should match",
	},
	{
		name: "an extension from an address that nobody can check",
		spec: [
			selector,
			"dataplane: {mode: Wasm}",
			`extensions: [{name: audit, url: "http://r.example/audit.wasm", sha256: "${digest}"}]`,
		],
		field: "spec.extensions[0].url",
		says: "should match",
	},
	{
		name: "two extensions of one name",
		spec: [
			selector,
			"dataplane: {mode: Wasm}",
			`extensions: [{name: a, url: "oci://r.example/a:1", sha256: "${digest}"}, {name: a, url: "oci://r.example/b:1", sha256: "${digest}"}]`,
		],
		field: "spec.extensions[1]",
		says: "Duplicate value",
	},
	{
		name: "an empty selector",
		spec: ["namespaceSelector: {}", sidecar],
		field: "spec.namespaceSelector",
		says: "an empty selector would select every namespace; give matchLabels or matchExpressions",
	},
	{
		name: "a selector of empty labels",
		spec: ["namespaceSelector: {matchLabels: {}}", sidecar],
		field: "spec.namespaceSelector",
		says: "an empty selector would select every namespace",
	},
	{name: "no selector", spec: [sidecar], field: "spec.namespaceSelector", says: "Required value"},
	{
		name: "a selector whose key is no label key",
		spec: ['namespaceSelector: {matchLabels: {"team of mine": payments}}', sidecar],
		field: "spec.namespaceSelector.matchLabels",
		says: "every key must be a label key",
	},
	{
		name: "a selector whose value is no label value",
		spec: ['namespaceSelector: {matchLabels: {team: "pay ments"}}', sidecar],
		field: "spec.namespaceSelector.matchLabels",
		says: "every value must be a label value",
	},
	{
		name: "an expression whose key is no label key",
		spec: ['namespaceSelector: {matchExpressions: [{key: "-team", operator: Exists}]}', sidecar],
		field: "spec.namespaceSelector.matchExpressions[0].key",
		says: "must be a label key",
	},
	{
		name: "In without values",
		spec: ["namespaceSelector: {matchExpressions: [{key: team, operator: In}]}", sidecar],
		field: "spec.namespaceSelector.matchExpressions[0]",
		says: "In and NotIn need values",
	},
	{
		name: "a metric gate without prometheus",
		spec: [selector, sidecar, "migration: {gates: {successRate: {minPercent: 99.9}}}"],
		field: "spec.migration.gates.prometheus",
		says: "give gates.prometheus.address too",
	},
	{
		name: "a soak that is no duration",
		spec: [selector, sidecar, "migration: {waves: {soak: a while}}"],
		field: "spec.migration.waves.soak",
		says: "should match",
	},
	{
		name: "a feature that nobody knows",
		spec: [selector, sidecar, "requires: [Magic]"],
		field: "spec.requires[0]",
		says: 'Unsupported value: "Magic"',
	},
]

describe("the API server refuses", () => {
	test.for(bad)("$name, and names the field", async ({spec, field, says}) => {
		const error = await refusal(`
apiVersion: heddle.dev/v1alpha1
kind: MeshProfile
metadata: {name: bad}
spec:
  ${spec.join("\n  ")}`)
		expect(error).toMatchObject({code: 422, reason: "Invalid"})
		const blamed = error.causes.filter((cause) => cause.startsWith(`${field}: `))
		expect(blamed, error.message).not.toEqual([])
		expect(blamed.join("\n")).toContain(says)
	})

	test("a field that the contract does not have", async () => {
		const error = await refusal(`
apiVersion: heddle.dev/v1alpha1
kind: MeshProfile
metadata: {name: bad}
spec: {namespaceSelector: {matchLabels: {team: payments}}, dataplane: {mode: Sidecar, values: {x: 1}}}`)
		expect(error.message).toContain('unknown field "spec.dataplane.values"')
	})

	test("a MeshBinding of another name than mesh", async () => {
		const namespace = await freshNamespace(world())
		const error = await refusal(`
apiVersion: heddle.dev/v1alpha1
kind: MeshBinding
metadata: {name: mine, namespace: ${namespace}}
spec: {}`)
		expect(error.message).toContain("a namespace has one MeshBinding, named mesh")
	})
})

async function refusal(yaml: string): Promise<KubeError> {
	try {
		await tryCreate(world(), yaml)
	} catch (error) {
		if (isKubeError(error)) return error
		throw error
	}
	throw new Error(`the API server accepted:\n${yaml}`)
}
