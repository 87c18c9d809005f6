import {describe, expect, test} from "vitest"
import type {Pod} from "../snapshot/shapes.ts"
import {snapshotOf} from "../snapshot/snapshot.ts"
import {app, namespace, node, pod, sidecarPod} from "../testing/builders.ts"
import {brief, moveTo} from "../testing/cases.ts"
import {type LinkerdOptions, linkerdControlPlane, linkerdPod} from "../testing/linkerd.ts"
import {proxiesAreNative} from "./control-plane.ts"
import {linkerd} from "./index.ts"
import {versionIn} from "./version.ts"

const detect = (options: LinkerdOptions = {}) =>
	linkerd.detect(snapshotOf([node("n1"), ...linkerdControlPlane(options)]))

describe("detection of Linkerd", () => {
	test("a cluster without it has none", () => {
		expect(linkerd.detect(snapshotOf([node("n1")]))).toEqual([])
	})

	test("version, health and namespaces are those of its webhook and its Deployments", () => {
		expect(detect()).toEqual([
			{
				dataplane: "linkerd",
				revision: "default",
				tags: [],
				version: "2.20.0",
				namespaces: ["linkerd"],
				healthy: true,
				reasons: [],
			},
		])
	})

	test("namespaces of its extensions and of its CNI belong to it", () => {
		const objects = [
			...linkerdControlPlane({cni: {nodes: 1, ready: 1}}),
			namespace("linkerd-viz", {"linkerd.io/extension": "viz"}),
		]
		expect(linkerd.detect(snapshotOf(objects))[0]?.namespaces).toEqual([
			"linkerd",
			"linkerd-cni",
			"linkerd-viz",
		])
	})

	const cases: readonly (readonly [
		name: string,
		options: LinkerdOptions,
		healthy: boolean,
		wanted: readonly string[],
	])[] = [
		[
			"a webhook that fails open has to be accepted",
			{failurePolicy: "Ignore"},
			true,
			["accept LinkerdInjectorFailsOpen MutatingWebhookConfiguration/linkerd-proxy-injector-webhook-config"],
		],
		[
			"without the injector no pod gets a proxy",
			{down: ["proxy-injector"]},
			false,
			["block ControlPlaneUnhealthy Deployment/linkerd/linkerd-proxy-injector"],
		],
		[
			"without identity no proxy gets a certificate",
			{down: ["identity"]},
			false,
			["block ControlPlaneUnhealthy Deployment/linkerd/linkerd-identity"],
		],
		["one replica of each is worth knowing", {replicas: 1}, true, ["info LinkerdNotHighlyAvailable"]],
		[
			"linkerd-cni has to be ready on every node",
			{cni: {nodes: 2, ready: 1}},
			false,
			["block LinkerdCNIUnready DaemonSet/linkerd-cni/linkerd-cni"],
		],
		[
			"a webhook without certificate cannot be called",
			{caBundle: ""},
			false,
			["block ControlPlaneUnhealthy MutatingWebhookConfiguration/linkerd-proxy-injector-webhook-config"],
		],
		[
			"a build of somebody's own has no version",
			{version: "dev-1a2b3c"},
			true,
			["info ControlPlaneVersionUnknown"],
		],
	]
	test.each(cases)("%s", (_, options, healthy, wanted) => {
		const [found] = detect(options)
		expect(found?.healthy).toBe(healthy)
		expect(brief(found?.reasons ?? [])).toEqual(wanted)
	})

	test("a webhook alone proves nothing, Deployments alone inject nothing", () => {
		const kinds = (kind: string) => linkerdControlPlane().filter((one) => one.kind === kind)
		const [webhook] = linkerd.detect(snapshotOf(kinds("MutatingWebhookConfiguration")))
		expect(brief(webhook?.reasons ?? []).filter((one) => one === "block ControlPlaneUnhealthy")).toHaveLength(
			3,
		)
		const [deployments] = linkerd.detect(snapshotOf(kinds("Deployment")))
		expect(brief(deployments?.reasons ?? [])).toEqual(["block InjectorMissing"])
	})
})

describe("versions of Linkerd", () => {
	test.each([
		["stable-2.14.10", "2.14.10"],
		["enterprise-2.18.0", "2.18.0"],
		["enterprise-2.19.4-1-fips", "2.19.4"],
		["ghcr.io/buoyantio/controller:enterprise-2.20.2", "2.20.2"],
		["version-2.20", "2.20.0"],
		["2.17.1", "2.17.1"],
		["cr.l5d.io/linkerd/controller:edge-26.8.3", "2.20.0"],
		["edge-26.6.3", "2.20.0"],
		["edge-26.6.2", "2.19.0"],
		["edge-26.1.1", "2.19.0"],
		["edge-25.10.6", "2.18.0"],
		["edge-24.11.8@sha256:00ff", "2.17.0"],
		["edge-23.6.2", undefined],
		["preview-26.9.1", undefined],
		["git-1a2b3c4d", undefined],
		["20.1.0", undefined],
		[undefined, undefined],
	])("%s is %s", (text, version) => {
		expect(versionIn(text)).toBe(version)
	})
})

describe("native sidecars of Linkerd", () => {
	const nativeWith = (native: boolean, kubelets: readonly string[]) =>
		proxiesAreNative(
			snapshotOf([
				...linkerdControlPlane({native}),
				...kubelets.map((kubelet, index) => node(`n${index}`, {kubelet})),
			]),
		)
	test.each([
		["the control plane's own proxies show it", true, ["v1.33.0"], true],
		["plain containers show that it is off", false, ["v1.33.0"], false],
		["an old kubelet does not know them", true, ["v1.33.0", "v1.28.9"], false],
		["no visible node proves nothing", true, [], false],
	])("%s", (_, native, kubelets, wanted) => {
		expect(nativeWith(native, kubelets)).toBe(wanted)
	})
})

describe("keys of Linkerd", () => {
	test("pods and their namespace are enrolled by an annotation", () => {
		const keys = {labels: {}, annotations: {"linkerd.io/inject": "enabled"}}
		expect(linkerd.enrol(moveTo("linkerd").to)).toEqual({namespace: keys, template: keys})
	})

	test("a pod leaves by an explicit value, a namespace by removal", () => {
		expect(linkerd.leave()).toMatchObject({
			namespace: {annotations: {"linkerd.io/inject": null}},
			template: {annotations: {"linkerd.io/inject": "disabled"}},
		})
	})

	test("owns its keys and those of nobody else", () => {
		const mine = [
			"linkerd.io/inject",
			"config.linkerd.io/opaque-ports",
			"config.alpha.linkerd.io/proxy-enable-native-sidecar",
		]
		const others = [
			"config.linkerd.io/admission-webhooks",
			"linkerd.io/extension",
			"istio-injection",
			"viz.linkerd.io/tap-enabled",
			"retry.linkerd.io/http",
		]
		expect([...mine, ...others].filter((key) => linkerd.owns(key))).toEqual(mine)
	})
})

describe("evidence of Linkerd", () => {
	const proxy = {name: "linkerd-proxy", restartPolicy: "Always"}
	const asked = {annotations: {"linkerd.io/inject": "enabled"}}
	const cases: readonly (readonly [name: string, pod: Pod, state: string | undefined, ready: boolean])[] = [
		["a plain pod has none", pod("a"), undefined, false],
		["a native proxy", linkerdPod("a"), "in", true],
		["a proxy beside the app", linkerdPod("a", {native: false}), "in", true],
		["a proxy that is not ready", linkerdPod("a", {containerReady: {"linkerd-proxy": false}}), "in", false],
		[
			"linkerd-cni leaves a validator instead of linkerd-init",
			pod("a", {init: [{name: "linkerd-network-validator"}, proxy]}),
			"in",
			true,
		],
		["nothing redirects to it", pod("a", {init: [proxy]}), "in", false],
		["an init container that ends is no sidecar", pod("a", {init: [{name: "linkerd-proxy"}]}), "in", false],
		[
			"copied marks without the proxy",
			pod("a", {labels: {"linkerd.io/control-plane-ns": "linkerd"}}),
			"broken",
			false,
		],
		["asked for, and not injected", pod("a", asked), "broken", false],
		["opted out", pod("a", {annotations: {"linkerd.io/inject": "disabled"}}), undefined, false],
		["left out for the other mesh", sidecarPod("a", asked), "broken", false],
	]
	test.each(cases)("%s", (_, one, state, ready) => {
		const found = linkerd.evidence(one, snapshotOf([]))
		expect({state: found?.state, ready: found?.ready ?? false}).toEqual({state, ready})
	})

	test("a pod that Istio took first says so", () => {
		expect(linkerd.evidence(sidecarPod("a", asked), snapshotOf([]))?.detail).toContain(
			"istio-proxy was there first",
		)
		expect(linkerd.evidence(pod("a", {...asked, containers: [app]}), snapshotOf([]))?.detail).toContain(
			"did not add one",
		)
	})
})
