import {expect, test} from "vitest"
import {AuthorizationPolicy} from "../../profiles/apis/istio/kinds.ts"
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

test("gates on metrics that nobody evaluates are refused, not passed", () => {
	const [profile] = story.profiles
	if (profile === undefined) throw new Error("the story has a profile")
	const gates = {prometheus: {address: "http://prometheus.monitoring:9090"}, successRate: {minPercent: 99.9}}
	const asking = {
		...profile,
		spec: {...profile.spec, dataplane: {mode: "Sidecar"}, migration: {gates}},
	} as const
	const [made] = plan({snapshot: snapshotOf(story.objects), profiles: [asking], dataplanes}).namespaces
	expect(made?.verdict).toBe("Blocked")
	expect(made?.reasons).toContainEqual(
		expect.objectContaining({code: "MetricGatesNotEvaluated", severity: "block"}),
	)
})
