import fc from "fast-check"
import type {MeshProfile} from "../../../crds/generated.ts"
import type {KubeObject} from "../../../profiles/snapshot/object.ts"
import {namespace, policy} from "../../../profiles/testing/builders.ts"
import {controlPlanes, nodes, type Place, type WorkloadKind, workload} from "./cluster.ts"
import {meshProfile} from "./profile.ts"

export type World = {readonly objects: readonly KubeObject[]; readonly profiles: readonly MeshProfile[]}

const places: readonly Place[] = ["none", "istio-sidecar", "istio-ambient"]
const kinds: readonly WorkloadKind[] = ["Deployment", "StatefulSet", "DaemonSet", "CronJob"]

const namespaceLabels = fc.constantFrom<Readonly<Record<string, string>>>(
	{},
	{"istio-injection": "enabled"},
	{"istio-injection": "disabled"},
	{"istio.io/rev": "1-30"},
	{"istio.io/dataplane-mode": "ambient"},
	{"istio-injection": "enabled", "istio.io/dataplane-mode": "ambient"},
)

const templateLabels = fc.constantFrom<Readonly<Record<string, string>>>(
	{},
	{"sidecar.istio.io/inject": "true"},
	{"sidecar.istio.io/inject": "false"},
	{"istio.io/dataplane-mode": "ambient"},
	{"istio.io/dataplane-mode": "none"},
	{"sidecar.istio.io/inject": "false", "istio.io/dataplane-mode": "ambient"},
)

/** What the pods of one workload are says nothing about its template: labels change while pods run on. */
const workloads = fc.uniqueArray(
	fc.record({
		kind: fc.constantFrom(...kinds),
		name: fc.constantFrom("cart", "web", "ledger", "report", "pay"),
		place: fc.constantFrom(...places),
		revision: fc.constantFrom("default", "1-30"),
		replicas: fc.integer({min: 0, max: 4}),
		labels: templateLabels,
	}),
	{maxLength: 4, selector: ({name}) => name},
)

const policies = fc.subarray([
	policy("AuthorizationPolicy", "only-web", {
		rules: [{from: [{source: {principals: ["cluster.local/ns/shop/sa/web"]}}]}],
	}),
	// Calls in both directions: no order puts one side first.
	policy("AuthorizationPolicy", "cart-and-pay", {
		rules: [
			{from: [{source: {principals: ["cluster.local/ns/shop/sa/cart", "cluster.local/ns/shop/sa/pay"]}}]},
		],
	}),
	policy("AuthorizationPolicy", "deny-delete", {
		action: "DENY",
		rules: [{to: [{operation: {methods: ["DELETE"]}}]}],
	}),
	policy("HTTPRoute", "cart", {
		parentRefs: [{group: "", kind: "Service", name: "cart"}],
		rules: [
			{matches: [{headers: [{name: "x-canary", value: "1"}]}], backendRefs: [{name: "cart", port: 80}]},
		],
	}),
	policy("PeerAuthentication", "default", {mtls: {mode: "STRICT"}}),
])

const module = (name: string, more: object = {}) => ({
	name,
	url: `oci://registry.example/${name}:1`,
	sha256: "a".repeat(64),
	...more,
})

/** Of the mode Wasm, which takes no profile without any; in the other modes a profile may have them too. */
const extensions = fc.subarray(
	[
		module("audit", {failurePolicy: "Ignore" as const}),
		module("token", {phase: "Authn" as const, config: {header: "x-token"}}),
		module("stats", {selector: {matchLabels: {app: "cart"}}}),
	],
	{minLength: 1},
)

const profile = fc
	.record({
		mode: fc.constantFrom("Auto", "Sidecar", "Sidecarless", "Wasm", "None"),
		modules: fc.option(extensions, {nil: undefined}),
		always: extensions,
		mtls: fc.constantFrom(undefined, "Strict", "Permissive"),
		size: fc.integer({min: 1, max: 3}),
	})
	.map(({mode, modules, always, mtls, size}) =>
		meshProfile({mode} as MeshProfile["spec"]["dataplane"], {
			...(mode === "Wasm" ? {extensions: always} : modules === undefined ? {} : {extensions: modules}),
			...(mtls === undefined ? {} : {mtls: mtls as "Strict" | "Permissive"}),
			migration: {waves: {maxConcurrentWorkloads: size}},
		}),
	)

/** A namespace `shop` in a cluster with two revisions of Istio and ambient, and one profile that selects it. */
export const world: fc.Arbitrary<World> = fc
	.record({labels: namespaceLabels, workloads, policies, profile})
	.map(({labels, workloads: made, policies: rules, profile: one}) => ({
		[fc.toStringMethod]: () =>
			JSON.stringify({labels, made, rules: rules.map(({metadata}) => metadata.name), spec: one.spec}),
		profiles: [one],
		objects: [
			...nodes(),
			...controlPlanes.istio(),
			...controlPlanes["istio-1-30"]().filter(({kind}) => kind !== "Namespace"),
			...controlPlanes.ambient(),
			namespace("shop", {team: "payments", ...labels}),
			...rules,
			...made.flatMap(({kind, name, place, revision, replicas, labels: own}) =>
				workload({
					kind,
					name,
					...(kind === "CronJob" ? {} : {on: place, revision}),
					options: {replicas, template: {metadata: {labels: own}, spec: {serviceAccountName: name}}},
				}),
			),
		],
	}))
