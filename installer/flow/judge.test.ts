import {expect, test} from "vitest"
import type {MeshBinding} from "../../crds/generated.ts"
import {judge, type Wish, worst} from "./judge.ts"
import {isHeld} from "./operator-lease.ts"
import {stepEvents} from "./step-events.ts"

type Status = NonNullable<MeshBinding["status"]>

function binding(status: Status, generation = 2): MeshBinding {
	return {
		apiVersion: "heddle.dev/v1alpha1",
		kind: "MeshBinding",
		metadata: {name: "mesh", namespace: "shop", generation},
		status,
	}
}

const ready = (reason: string, rest: Status = {}): Status => ({
	observedGeneration: 2,
	profile: "p",
	profileGeneration: 7,
	conditions: [
		{
			type: "Ready",
			status: reason === "UpToDate" ? "True" : "False",
			reason,
			message: "why",
			lastTransitionTime: "2026-01-01T00:00:00Z",
		},
	],
	...rest,
})

const wish: Wish = {namespace: "shop", goal: "Desired", profile: {name: "p", generation: 7}}

test.each([
	["UpToDate", 0],
	["Migrating", undefined],
	["RollingBack", undefined],
	["Blocked", 3],
	["NeedsAcceptance", 3],
	["RolledBack", 3],
	["Holding", 4],
	["Held", 4],
	["MigrationFailed", 4],
	["AwaitingApproval", 4],
])("Ready says %s: the wish ends with %s", (reason, code) => {
	expect(judge(wish, binding(ready(reason)))).toEqual({
		namespace: "shop",
		message: "why",
		...(code === undefined ? {} : {exit: code}),
	})
})

test.each([
	["there is no binding yet", undefined],
	["the operator has not seen the binding's change", binding(ready("UpToDate", {observedGeneration: 1}))],
	["the operator has not seen the profile's change", binding(ready("UpToDate", {profileGeneration: 6}))],
	["another profile still decides", binding(ready("UpToDate", {profile: "other"}))],
	["there is no condition yet", binding({...ready("UpToDate"), conditions: []})],
])("nothing is answered while %s", (_name, found) => {
	expect(judge(wish, found).exit).toBeUndefined()
})

test.each([
	["RollingBack", undefined],
	["RolledBack", 0],
	["Failed", 4],
] as const)("a return whose migration is %s ends with %s", (state, code) => {
	const back: Wish = {namespace: "shop", goal: "Previous", bindingGeneration: 2}
	expect(judge(back, binding(ready("RolledBack", {migration: {id: "m1", state}}))).exit).toBe(code)
})

test("of several answers the worst counts, and what can be resumed is worst", () => {
	expect([worst([]), worst([0, 0]), worst([0, 3]), worst([3, 4, 0])]).toEqual([0, 0, 3, 4])
})

test("a step is told once per change", () => {
	const step = {id: "roll", action: "Roll", object: "Deployment/shop/cart"} as const
	const at = (state: "Pending" | "Running" | "Done", message?: string) =>
		binding({
			migration: {
				id: "m1",
				state: "Running",
				steps: [{...step, state, ...(message === undefined ? {} : {message})}],
			},
		})
	const told = (before: MeshBinding | undefined, after: MeshBinding) =>
		stepEvents(before, after).map(({state, title, note}) => [state, title, note])
	expect(told(undefined, at("Pending"))).toEqual([])
	expect(told(at("Pending"), at("Running", "1 of 3"))).toEqual([
		["progress", "shop: Roll Deployment/shop/cart", "1 of 3"],
	])
	expect(told(at("Running", "1 of 3"), at("Running", "1 of 3"))).toEqual([])
	expect(told(at("Running", "1 of 3"), at("Done"))).toEqual([
		["done", "shop: Roll Deployment/shop/cart", undefined],
	])
})

test.each([
	["is renewed", {holderIdentity: "a", renewTime: "2026-01-01T00:00:00Z", leaseDurationSeconds: 15}, true],
	["ran out", {holderIdentity: "a", renewTime: "2025-12-31T23:59:00Z", leaseDurationSeconds: 15}, false],
	["was given up", {holderIdentity: "", renewTime: "2026-01-01T00:00:00Z"}, false],
])("a Lease that %s counts as held: %s", (_name, spec, held) => {
	const lease = {
		apiVersion: "coordination.k8s.io/v1",
		kind: "Lease",
		metadata: {name: "heddle-operator"},
		spec,
	}
	expect(isHeld(lease, Date.parse("2026-01-01T00:00:10Z"))).toBe(held)
})
