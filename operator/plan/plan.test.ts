import {expect, test} from "vitest"
import type {MeshProfile} from "../../crds/generated.ts"
import {AuthorizationPolicy} from "../../profiles/apis/istio/kinds.ts"
import type {Dataplane} from "../../profiles/dataplane.ts"
import {dataplanes} from "../../profiles/registry.ts"
import {Pod} from "../../profiles/snapshot/kinds.ts"
import {snapshotOf} from "../../profiles/snapshot/snapshot.ts"
import {plan} from "./plan.ts"
import {readStory} from "./testing/story.ts"

const story = readStory(`
story: a namespace that would be ready if everything could be read
workloads: [{kind: Deployment, name: cart, replicas: 2, on: none}]
---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {team: shop}}
---
apiVersion: heddle.dev/v1alpha1
kind: MeshProfile
metadata: {name: shop}
spec:
  namespaceSelector: {matchLabels: {team: shop}}
  dataplane: {mode: None}
`)

const planned = (unknown: readonly string[]) =>
	plan({snapshot: snapshotOf(story.objects, new Set(unknown)), profiles: story.profiles, dataplanes})
		.namespaces[0]

test("a kind that nobody may list blocks the plan, since a policy of it may hold", () => {
	const refused = planned([AuthorizationPolicy.id, Pod.id])
	expect(refused?.verdict).toBe("Blocked")
	expect(refused?.steps).toEqual([])
	expect(refused?.reasons).toContainEqual(
		expect.objectContaining({
			code: "EvidenceUnreadable",
			severity: "block",
			message: "Not readable here: Pod, AuthorizationPolicy.security.istio.io.",
		}),
	)
})

test("a kind that is not installed has no objects, and blocks nothing", () => {
	expect(planned([])?.verdict).not.toBe("Blocked")
})

test("a gate on metrics that nothing on the target counts is refused, for it would hold for ever", () => {
	const gates = {prometheus: {address: "http://prometheus.monitoring:9090"}, successRate: {minPercent: 99.9}}
	const reasonsWith = (blind: boolean) => {
		const seeing = dataplanes.map((one) =>
			blind && one.name === "istio-sidecar" ? {...one, traffic: []} : one,
		)
		return gated(gates, seeing)?.reasons.map(({code}) => code) ?? []
	}
	expect(reasonsWith(true)).toContain("MetricGateNeverPasses")
	expect(reasonsWith(false)).not.toContain("MetricGateNeverPasses")
	expect(reasonsWith(false)).not.toContain("NoTrafficMetrics")
})

test("a gate on latency first measures how it is before the move", () => {
	const gates = {
		prometheus: {address: "http://prometheus.monitoring:9090"},
		latencyP99: {maxIncreasePercent: 25},
	}
	expect(gated(gates, dataplanes)?.steps[0]).toMatchObject({id: "measure-baseline", action: "Gate"})
})

test("a latency that is not measured on both sides of the move is for a person to accept", () => {
	const gates = {
		prometheus: {address: "http://prometheus.monitoring:9090"},
		latencyP99: {maxIncreasePercent: 25},
	}
	const deaf = dataplanes.map((one) => (one.name === "none" ? {...one, traffic: []} : one))
	const made = gated(gates, deaf)
	expect(made?.reasons).toContainEqual(
		expect.objectContaining({code: "LatencyNotComparable", severity: "accept"}),
	)
	expect(made?.steps.map(({id}) => id)).not.toContain("measure-baseline")
})

function gated(
	gates: NonNullable<NonNullable<MeshProfile["spec"]["migration"]>["gates"]>,
	known: readonly Dataplane[],
) {
	const [profile] = story.profiles
	if (profile === undefined) throw new Error("the story has a profile")
	const spec = {...profile.spec, dataplane: {mode: "Sidecar"}, migration: {gates}} as const
	const asking = {...profile, spec}
	return plan({snapshot: snapshotOf(story.objects), profiles: [asking], dataplanes: known}).namespaces[0]
}
