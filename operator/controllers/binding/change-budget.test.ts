import {describe, expect, it} from "vitest"
import {daemonSet, deployment, statefulSet} from "../../../profiles/testing/builders.ts"
import type {Action} from "./actions.ts"
import {ChangeBudget, podsChanged} from "./change-budget.ts"

function budget(perSecond: number) {
	let now = 0
	const made = new ChangeBudget({perSecond, now: () => now})
	return {
		made,
		pass: (ms: number) => {
			now += ms
		},
	}
}

describe("the budget of pod changes", () => {
	it("lets a second's worth pass at once, then as many as it grants", () => {
		const {made, pass} = budget(20)
		expect([made.take(10), made.take(10)]).toEqual([0, 0])
		expect(made.take(1)).toBe(0)
		expect(made.take(1)).toBe(50)
		pass(50)
		expect(made.take(1)).toBe(0)
	})

	it("lets a workload that is larger than it go, and the next one wait until that is paid", () => {
		const {made, pass} = budget(20)
		expect(made.take(200)).toBe(0)
		expect(made.take(1)).toBe(9_000)
		pass(9_000)
		expect(made.take(1)).toBe(0)
	})

	it("holds nothing up that changes no pod, nor the way back", () => {
		const {made} = budget(1)
		made.spend(100)
		expect(made.take(0)).toBe(0)
		expect(made.take(1)).toBe(99_000)
	})
})

const keys = {labels: {}, annotations: {}}
const actions: readonly (readonly [string, Action, number])[] = [
	[
		"a Deployment's template: all its pods",
		{type: "template", object: deployment("web", {replicas: 7}), keys},
		7,
	],
	["a DaemonSet's template: one for each node", {type: "template", object: daemonSet("logs"), keys}, 1],
	[
		"a StatefulSet's template: none before its partition",
		{type: "template", object: statefulSet("db"), keys},
		0,
	],
	[
		"a partition above every pod: none",
		{type: "partition", object: statefulSet("db", {replicas: 3}), partition: 3},
		0,
	],
	[
		"a partition that is lowered: one",
		{type: "partition", object: statefulSet("db", {replicas: 3}), partition: 2},
		1,
	],
	["a label of the namespace: none", {type: "namespaceKeys", object: deployment("web"), keys}, 0],
]

describe("pods that writes let be replaced", () => {
	it.each(actions)("%s", (_, action, pods) => {
		expect(podsChanged([action])).toBe(pods)
	})
})
