import {describe, expect, it} from "vitest"
import {dataplanes} from "../../profiles/registry.ts"
import type {KubeObject} from "../../profiles/snapshot/object.ts"
import {snapshotOf} from "../../profiles/snapshot/snapshot.ts"
import {namespace, policy} from "../../profiles/testing/builders.ts"
import {plan} from "./plan.ts"
import {controlPlanes, nodes, type Place, workload} from "./testing/cluster.ts"
import {meshProfile} from "./testing/profile.ts"
import {applyStep} from "./testing/simulate.ts"
import type {NamespacePlan} from "./types.ts"

const accept = ["WorkloadMTLSGivenUp", "GKEAmbientPreview", "PreviewFeature"]
type Target = Parameters<typeof meshProfile>[0]

function planOf(
	objects: readonly KubeObject[],
	target: Target,
	requires: readonly string[] = [],
): NamespacePlan {
	const profiles = [meshProfile(target, requires.length === 0 ? {} : {requires: requires as never})]
	const [made] = plan({snapshot: snapshotOf(objects), profiles, dataplanes, accept}).namespaces
	if (made === undefined) throw new Error("the namespace is not planned")
	return made
}

const shop = (on: Place, labels = {}): KubeObject[] => [
	...nodes(),
	namespace("shop", {team: "payments", ...labels}),
	...workload({kind: "Deployment", name: "cart", on}),
]
const codes = ({reasons}: NamespacePlan) => reasons.map(({code}) => code)

describe("a move to the container network", () => {
	const sidecars = [
		...controlPlanes.istio(),
		...controlPlanes["cilium-wireguard"](),
		...shop("istio-sidecar", {"istio-injection": "enabled"}),
	]

	it("comes to rest once its steps are carried out", () => {
		const target: Target = {mode: "Sidecarless", provider: "cilium"}
		const made = planOf(sidecars, target)
		expect(made.verdict).toBe("Ready")
		const next = planOf(made.steps.reduce(applyStep, sidecars as readonly KubeObject[]), target)
		expect(next).toMatchObject({verdict: "UpToDate", from: {dataplane: "cilium"}, steps: []})
	})

	it("is refused for as long as nothing asks the network for more", () => {
		const objects = [...controlPlanes.cilium(), ...shop("none")]
		const made = planOf(objects, {mode: "Sidecarless", provider: "cilium"})
		expect(made).toMatchObject({verdict: "Blocked", steps: []})
		expect(codes(made)).toEqual(["NoMeshDuty"])
	})

	it("asks a dataplane itself for what the profile names, also where the network has a rule of it", () => {
		const deny = policy("CiliumNetworkPolicy", "p", {
			endpointSelector: {},
			ingressDeny: [{fromEntities: ["world"]}],
		})
		const objects = [...controlPlanes.cilium(), ...shop("none"), deny]
		expect(planOf(objects, {mode: "None"}).verdict).toBe("UpToDate")
		expect(codes(planOf(objects, {mode: "None"}, ["ExplicitDeny"]))).toEqual(["FeatureNotSupported"])
	})
})

describe("a dataplane that one label of the namespace switches", () => {
	const gke = [...controlPlanes["gke-dataplane-v2"](), ...controlPlanes["gke-ambient"]()]
	const redirected = (objects: readonly KubeObject[]): KubeObject[] =>
		objects.map((one) =>
			one.kind === "Pod" && one.metadata.namespace === "shop"
				? {
						...one,
						metadata: {
							...one.metadata,
							annotations: {"ambient.networking.gke.io/redirection": "enabled"},
						},
					}
				: one,
		)
	const inside = redirected([...gke, ...shop("none", {"networking.gke.io/dataplane-mode": "ambient"})])

	it("takes no running pods in", () => {
		const made = planOf([...gke, ...shop("none")], {mode: "Sidecarless", provider: "gke-ambient"})
		expect(made).toMatchObject({verdict: "Blocked", steps: []})
		expect(codes(made)).toContain("WholeNamespaceOnly")
	})

	it("lets none go", () => {
		const made = planOf(inside, {mode: "None"})
		expect(made).toMatchObject({verdict: "Blocked", steps: []})
		expect(codes(made)).toContain("WholeNamespaceOnly")
	})

	it("is left alone where every pod is in it", () => {
		expect(planOf(inside, {mode: "Sidecarless", provider: "gke-ambient"})).toMatchObject({
			verdict: "UpToDate",
			steps: [],
		})
	})
})
