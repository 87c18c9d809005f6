import {describe, expect, it} from "vitest"
import type {KubeObject} from "../../snapshot/object.ts"
import {snapshotOf} from "../../snapshot/snapshot.ts"
import {cronJob, deployment, job, namespace, pod, statefulSet} from "../../testing/builders.ts"
import {daprControlPlane, daprObject} from "../../testing/dapr.ts"
import type {Templated} from "../../workloads.ts"
import type {RuntimeMove} from "../runtime.ts"
import {dapr} from "./index.ts"

const move = (more: Partial<RuntimeMove> = {}): RuntimeMove => ({
	namespace: "shop",
	wish: {dapr: {enabled: true}},
	to: "istio-sidecar",
	encrypts: true,
	injects: true,
	...more,
})
const codes = (objects: readonly KubeObject[], asked = move()) =>
	dapr.hazards(snapshotOf([namespace("shop"), ...objects]), asked).map(({code}) => code)
const asking = (annotations = {}) => ({
	template: {metadata: {annotations: {"dapr.io/enabled": "true", ...annotations}}},
})
const plane = daprControlPlane()

describe("Dapr in a cluster", () => {
	it.each([
		["is not there", [], []],
		["is healthy, in its version", plane, [{healthy: true, version: "1.18.3", namespaces: ["dapr-system"]}]],
		["is not without a replica", daprControlPlane({available: 0}), [{healthy: false}]],
		["is not without its webhook", plane.slice(0, 1), [{healthy: false}]],
	])("%s", (_, objects, expected) => {
		expect(dapr.detect(snapshotOf(objects))).toMatchObject(expected)
	})
})

describe("a template gets Dapr", () => {
	const ports = [{containerPort: 8080}]
	const container = {name: "app", ports}
	const enrol = (object: KubeObject) => {
		const {spec} = object as unknown as {spec: Templated}
		return dapr.enrol(snapshotOf([]), {object, template: spec.template}, {dapr: {enabled: true}}).annotations
	}
	it.each([
		[
			"with its workload's name and its only port",
			deployment("cart", {template: {spec: {containers: [container]}}}),
			{"dapr.io/enabled": "true", "dapr.io/app-id": "cart", "dapr.io/app-port": "8080"},
		],
		[
			"without a port where there are two",
			deployment("cart", {
				template: {spec: {containers: [{...container, ports: [...ports, {containerPort: 9090}]}]}},
			}),
			{"dapr.io/enabled": "true", "dapr.io/app-id": "cart"},
		],
		[
			"and keeps the id that its owner gave it",
			deployment("cart", {template: {metadata: {annotations: {"dapr.io/app-id": "basket"}}}}),
			{"dapr.io/enabled": "true"},
		],
		[
			"not where its owner said no",
			deployment("cart", {template: {metadata: {annotations: {"dapr.io/enabled": "false"}}}}),
			{},
		],
		["not where it has it", deployment("cart", asking()), {}],
		["not on the host's network", deployment("cart", {template: {spec: {hostNetwork: true}}}), {}],
		["not where it is a Job's", job("report"), {}],
	])("%s", (_, object, expected) => {
		expect(enrol(object)).toEqual(expected)
	})

	it("not where the profile does not ask for it", () => {
		const object = deployment("cart")
		expect(
			dapr.enrol(snapshotOf([]), {object, template: object.spec?.template ?? {}}, {}).annotations,
		).toEqual({})
	})
})

describe("a pod has Dapr", () => {
	const daprd = {name: "daprd", image: "ghcr.io/dapr/daprd:1.18.3"}
	it.each([
		["not at all", pod("cart"), undefined],
		[
			"as a native sidecar",
			pod("cart", {init: [{...daprd, restartPolicy: "Always"}]}),
			{state: "in", native: true, ready: true},
		],
		[
			"as a container",
			pod("cart", {containers: [{name: "app"}, daprd]}),
			{state: "in", native: false, ready: true},
		],
		[
			"and it is not ready",
			pod("cart", {containers: [daprd], containerReady: {daprd: false}}),
			{state: "in", ready: false},
		],
		[
			"missing, since the webhook failed open",
			pod("cart", {annotations: {"dapr.io/enabled": "true"}}),
			{state: "missing"},
		],
		[
			"missing, the label was copied",
			pod("cart", {labels: {"dapr.io/sidecar-injected": "true"}}),
			{state: "missing"},
		],
	])("%s", (_, one, expected) => {
		const found = dapr.evidence(one, snapshotOf([one]))
		if (expected === undefined) expect(found).toBeUndefined()
		else expect(found).toMatchObject(expected)
	})
})

describe("what to know of Dapr before a move", () => {
	const off = daprObject("Configuration", "daprsystem", {mtls: {enabled: false}}, "dapr-system")
	const twin = statefulSet("cart")
	it.each<[string, readonly KubeObject[], RuntimeMove, readonly string[]]>([
		["it is not installed", [deployment("cart")], move(), ["RuntimeNotInstalled"]],
		[
			"its injector is down",
			[...daprControlPlane({available: 0, failurePolicy: "Fail"}), deployment("cart")],
			move(),
			["DaprInjectorUnavailable"],
		],
		[
			"its webhook fails open",
			[...daprControlPlane({failurePolicy: "Ignore"}), deployment("cart")],
			move(),
			["DaprFailsOpen"],
		],
		[
			"a pod was missed",
			[
				...plane,
				pod("cart", {annotations: {"dapr.io/enabled": "true"}, owner: {kind: "ReplicaSet", name: "cart-5d"}}),
				deployment("cart", asking()),
			],
			move(),
			["DaprNotInjected"],
		],
		[
			"two would share an app-id",
			[...plane, deployment("cart"), twin],
			move(),
			["DaprAppIdUnusable", "DaprAppIdUnusable"],
		],
		["a name that is no app-id", [...plane, deployment("c".repeat(60))], move(), ["DaprAppIdUnusable"]],
		["no port to call", [...plane, deployment("cart")], move(), ["DaprAppPortUnknown"]],
		["a CronJob is left alone", [...plane, cronJob("report")], move(), ["DaprLeavesJobsAlone"]],
		["a Job does not end", [...plane, job("report", asking())], move(), ["DaprJobDoesNotEnd"]],
		[
			"a Job with a native sidecar ends",
			[...plane, job("report", asking({"dapr.io/enable-native-sidecar": "true"}))],
			move(),
			[],
		],
		["both encrypt", [...plane, deployment("cart", asking())], move(), ["DaprMutualTLSTwice"]],
		[
			"Linkerd is blind",
			[...plane, deployment("cart", asking())],
			move({to: "linkerd"}),
			["DaprHiddenFromLinkerd"],
		],
		[
			"nobody encrypts",
			[...plane, off, deployment("cart", asking())],
			move({to: "none", encrypts: false}),
			["DaprPlaintext"],
		],
		[
			"the profile switches it off",
			[...plane, deployment("cart", asking())],
			move({wish: {dapr: {enabled: false}}}),
			["DaprStays"],
		],
		[
			"daprd retries itself",
			[
				...plane,
				daprObject("Resiliency", "retry", {policies: {retries: {often: {}}}}),
				deployment("cart", asking()),
			],
			move(),
			["DaprCarriesFeature"],
		],
	])("%s", (_, objects, asked, expected) => {
		const found = codes(objects, asked)
		const about = found.filter((code) => expected.includes(code))
		expect(about).toEqual(expected)
	})

	it("is nothing where nobody uses it", () => {
		expect(codes([...plane, deployment("cart")], move({wish: {}}))).toEqual([])
		expect(codes([deployment("cart", asking())], move({wish: {}}))).toEqual([])
	})

	it("never writes a key that it would not take back", () => {
		expect(["dapr.io/enabled", "dapr.io/app-id", "dapr.io/app-port"].every(dapr.owns)).toBe(true)
		expect(dapr.owns("dapr.io/config")).toBe(false)
	})
})
