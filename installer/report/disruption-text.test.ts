import {expect, test} from "vitest"
import {plan} from "../../operator/plan/plan.ts"
import {controlPlanes, nodes, workload} from "../../operator/plan/testing/cluster.ts"
import {meshProfile} from "../../operator/plan/testing/profile.ts"
import {dataplanes} from "../../profiles/registry.ts"
import type {KubeObject} from "../../profiles/snapshot/object.ts"
import {snapshotOf} from "../../profiles/snapshot/snapshot.ts"
import {namespace} from "../../profiles/testing/builders.ts"
import {disruptionText} from "./disruption-text.ts"
import {plain} from "./style.ts"

const budget: KubeObject = {
	apiVersion: "policy/v1",
	kind: "PodDisruptionBudget",
	metadata: {name: "web", namespace: "shop"},
	...{spec: {minAvailable: 1, selector: {matchLabels: {app: "web"}}}, status: {disruptionsAllowed: 1}},
}

const told = (accept: readonly string[]) => {
	const objects = [
		...nodes(),
		...controlPlanes.istio(),
		namespace("shop", {team: "payments"}),
		...workload({
			kind: "Deployment",
			name: "cart",
			on: "none",
			options: {replicas: 1, strategy: {rollingUpdate: {maxSurge: 0}}} as never,
		}),
		...workload({kind: "Deployment", name: "web", on: "none"}),
		...workload({kind: "StatefulSet", name: "db", on: "none"}),
		budget,
	]
	const profiles = [meshProfile({mode: "Sidecar"}, {migration: {waves: {maxConcurrentWorkloads: 5}}})]
	const made = plan({snapshot: snapshotOf(objects), profiles, dataplanes, accept})
	return disruptionText(made, {columns: 120, style: plain})
}

test("each workload is told with its pods, how they are replaced, and what its callers see", () => {
	expect(told(["SingleReplica"]).replaceAll(/ +$/gm, "")).toMatchInlineSnapshot(`
		"What moving does
		          WORKLOAD              PODS  REPLACED                    WHO CALLS IT SEES
		  wave 1  Deployment/shop/cart  1     0 more at a time, 1 fewer   no pod for a moment: SingleReplica
		  wave 1  Deployment/shop/web   2     1 more at a time, 0 fewer   no gap foreseen: PodDisruptionBudget web allows 1
		  wave 1  StatefulSet/shop/db   3     one by one, the last first  no gap foreseen"
	`)
})

test("a plan that may not run has nothing to foresee", () => {
	expect(told([])).toBe("")
})
