import {describe, expect, test} from "vitest"
import {controlPlanes, versionIn} from "../apis/istio/control-plane.ts"
import {snapshotOf} from "../snapshot/snapshot.ts"
import {node} from "../testing/builders.ts"
import {brief, moveTo} from "../testing/cases.ts"
import type {ControlPlaneOptions} from "../testing/istio.ts"
import {istiod} from "../testing/istio.ts"
import {sidecarsAreNative} from "./detect.ts"
import {istioSidecar} from "./index.ts"

const detect = (options: ControlPlaneOptions, ...more: ControlPlaneOptions[]) =>
	istioSidecar.detect(snapshotOf([node("n1"), ...[options, ...more].flatMap((one) => istiod(one))]))

describe("detection of Istio's injectors", () => {
	test("a cluster without Istio has none", () => {
		expect(istioSidecar.detect(snapshotOf([node("n1")]))).toEqual([])
	})

	test("revision, tags, version and health are those of the webhooks and of istiod's Deployment", () => {
		expect(detect({revision: "1-31-1", tags: ["stable", "default"]})).toEqual([
			{
				dataplane: "istio-sidecar",
				revision: "1-31-1",
				tags: ["default", "stable"],
				version: "1.31.1",
				namespaces: ["istio-system"],
				healthy: true,
				reasons: [],
			},
		])
	})

	test("revisions stand beside each other", () => {
		const found = detect({}, {revision: "canary", version: "1.32.0"})
		expect(found.map(({revision, version}) => `${revision} ${version}`)).toEqual([
			"canary 1.32.0",
			"default 1.31.1",
		])
	})

	test("without an available replica it is not healthy", () => {
		expect(detect({available: false})[0]).toMatchObject({
			healthy: false,
			reasons: [{code: "ControlPlaneUnhealthy"}],
		})
	})

	test("a webhook alone proves nothing", () => {
		const left = istiod().filter(({kind}) => kind !== "Deployment")
		expect(istioSidecar.detect(snapshotOf([node("n1"), ...left]))[0]).toMatchObject({healthy: false})
	})

	test("a Deployment without webhook injects nothing", () => {
		const left = istiod().filter(({kind}) => kind !== "MutatingWebhookConfiguration")
		const [found] = istioSidecar.detect(snapshotOf([node("n1"), ...left]))
		expect(brief(found?.reasons ?? [])).toEqual(["block InjectorMissing"])
	})

	test("an istiod outside of the cluster is found, and believed by the certificate it has put into its webhook", () => {
		const [found] = detect({external: true})
		expect(found).toMatchObject({revision: "default", healthy: true})
		expect(brief(found?.reasons ?? [])).toEqual([
			"info ControlPlaneExternal",
			"info ControlPlaneVersionUnknown",
		])
	})

	test("its version is what the label of its Service says", () => {
		const labelled = istiod({external: true}).map((one) =>
			one.kind === "Service"
				? {...one, metadata: {...one.metadata, labels: {"app.kubernetes.io/version": "1.31.0"}}}
				: one,
		)
		expect(istioSidecar.detect(snapshotOf(labelled))[0]?.version).toBe("1.31.0")
	})

	test.each([
		["registry.istio.io/release/pilot:1.31.1", "1.31.1"],
		["localhost:5000/pilot:1.31.1-distroless", "1.31.1"],
		["pilot:1.32-alpha.abc", undefined],
		["pilot:1.30.0-rc.1@sha256:00ff", "1.30.0-rc.1"],
		["localhost:5000/pilot", undefined],
		[undefined, undefined],
	])("the version in %s is %s", (image, version) => {
		expect(versionIn(image)).toBe(version)
	})
})

describe("native sidecars", () => {
	const nativeWith = (kubelets: readonly string[], version: string) => {
		const snapshot = snapshotOf([
			...istiod({version}),
			...kubelets.map((kubelet, index) => node(`n${index}`, {kubelet})),
		])
		return sidecarsAreNative(snapshot, controlPlanes(snapshot)[0])
	}
	test.each([
		["every kubelet is new enough", ["v1.33.0", "v1.36.3"], true],
		["one old kubelet spoils it for all", ["v1.36.3", "v1.32.9-gke.100"], false],
		["no visible node proves nothing", [], false],
	])("%s", (_, kubelets, native) => {
		expect(nativeWith(kubelets, "1.31.1")).toBe(native)
	})

	test("Istio before 1.27 does not make them by itself", () => {
		expect(nativeWith(["v1.36.3"], "1.26.8")).toBe(false)
	})
})

describe("keys of sidecars", () => {
	test("the default revision is enrolled by istio-injection", () => {
		expect(istioSidecar.enrol(moveTo("istio-sidecar").to)).toEqual({
			namespace: {labels: {"istio-injection": "enabled", "istio.io/rev": null}, annotations: {}},
			template: {labels: {"sidecar.istio.io/inject": "true", "istio.io/rev": null}, annotations: {}},
		})
	})

	test("another revision by its name, which istio-injection would hide", () => {
		expect(istioSidecar.enrol(moveTo("istio-sidecar", {revision: "1-31-1"}).to)).toEqual({
			namespace: {labels: {"istio-injection": null, "istio.io/rev": "1-31-1"}, annotations: {}},
			template: {labels: {"sidecar.istio.io/inject": "true", "istio.io/rev": "1-31-1"}, annotations: {}},
		})
	})

	test("a revision that the tag default stands for is the default one", () => {
		const {namespace} = istioSidecar.enrol(
			moveTo("istio-sidecar", {revision: "1-31-1", tags: ["default"]}).to,
		)
		expect(namespace.labels["istio-injection"]).toBe("enabled")
	})

	test("a pod leaves by an explicit value, a namespace by removal", () => {
		expect(istioSidecar.leave()).toMatchObject({
			namespace: {labels: {"istio-injection": null, "istio.io/rev": null}},
			template: {labels: {"sidecar.istio.io/inject": "false"}},
		})
	})

	test("owns its keys and those of nobody else", () => {
		const mine = [
			"istio-injection",
			"istio.io/rev",
			"sidecar.istio.io/inject",
			"traffic.sidecar.istio.io/excludeInboundPorts",
			"proxy.istio.io/config",
		]
		const others = [
			"istio.io/dataplane-mode",
			"istio.io/use-waypoint",
			"linkerd.io/inject",
			"app",
			"istio.io/revision",
		]
		expect([...mine, ...others].filter((key) => istioSidecar.owns(key))).toEqual(mine)
	})
})
