import {describe, expect, it} from "vitest"
import type {MeshBinding, MeshBindingStatus, MeshProfileSpec} from "../../../crds/generated.ts"
import {snapshotOf} from "../../../profiles/snapshot/snapshot.ts"
import {namespace} from "../../../profiles/testing/builders.ts"
import {meshProfile} from "../../plan/testing/profile.ts"
import {nextStatus} from "./status.ts"

const now = "2026-01-01T00:00:00Z"
const team = {team: "payments"}

const profile = (spec: Partial<MeshProfileSpec> = {}, name = "payments") => {
	const made = meshProfile({mode: "Sidecar"}, spec, name)
	return {...made, metadata: {...made.metadata, generation: 2}}
}

function binding(inside: string, status: MeshBindingStatus): MeshBinding {
	return {
		apiVersion: "heddle.dev/v1alpha1",
		kind: "MeshBinding",
		metadata: {name: "mesh", namespace: inside},
		status: {profileGeneration: 2, ...status},
	}
}

const ready = (status: "True" | "False") => ({
	conditions: [{type: "Ready", status, reason: "X", message: "", lastTransitionTime: now}],
})
const states = {
	upToDate: ready("True"),
	blocked: {...ready("False"), fit: {verdict: "Blocked"}},
	running: {...ready("False"), migration: {id: "m1", state: "Running"}},
	rollingBack: {...ready("False"), migration: {id: "m1", state: "RollingBack"}},
	holding: {...ready("False"), migration: {id: "m1", state: "Holding"}},
	needsAcceptance: {...ready("False"), fit: {verdict: "NeedsAcceptance"}},
	stale: {...ready("True"), profileGeneration: 1},
} as const satisfies Readonly<Record<string, MeshBindingStatus>>
type State = keyof typeof states | "unbound"

/** The status of a profile that selects one namespace per state. */
function statusOf(
	given: readonly State[],
	options: {spec?: Partial<MeshProfileSpec>; others?: ReturnType<typeof profile>[]} = {},
) {
	const one = profile(options.spec)
	const spaces = given.map((_, index) => namespace(`n${index}`, team))
	const bindings = given.flatMap((state, index) =>
		state === "unbound" ? [] : [binding(`n${index}`, states[state])],
	)
	return nextStatus(one, snapshotOf([one, ...(options.others ?? []), ...spaces, ...bindings]), now)
}

const conditions = (status: ReturnType<typeof statusOf>): readonly string[] =>
	(status.conditions ?? []).map(({type, status: is, reason}) => `${type} ${is} ${reason}`)

describe("what the namespaces of a profile add up to", () => {
	const none = {selected: 0, upToDate: 0, migrating: 0, waiting: 0, blocked: 0, lost: 0}
	it.each([
		["upToDate", {upToDate: 1}],
		["running", {migrating: 1}],
		["rollingBack", {migrating: 1}],
		["holding", {waiting: 1}],
		["needsAcceptance", {waiting: 1}],
		["blocked", {blocked: 1}],
		["stale", {}],
		["unbound", {}],
	] as const)("%s", (state, counted) => {
		expect(statusOf([state]).namespaces).toEqual({...none, selected: 1, ...counted})
	})

	it("counts each of many once", () => {
		expect(statusOf(["upToDate", "upToDate", "running", "blocked", "holding", "unbound"]).namespaces).toEqual(
			{
				selected: 6,
				upToDate: 2,
				migrating: 1,
				waiting: 1,
				blocked: 1,
				lost: 0,
			},
		)
	})

	it("counts as lost what a higher priority decides", () => {
		const others = [profile({priority: 5}, "higher")]
		expect(statusOf(["upToDate"], {others}).namespaces).toEqual({...none, lost: 1})
	})
})

describe("the conditions of a profile", () => {
	it.each([
		["all there", ["upToDate"], ["Ready True UpToDate", "Accepted True Accepted"]],
		["no namespace", [], ["Ready True NoNamespaces", "Accepted True NoNamespaces"]],
		[
			"under way",
			["upToDate", "running", "blocked"],
			["Ready False Migrating", "Accepted True Accepted", "Reconciling True Migrating"],
		],
		[
			"not seen yet",
			["stale"],
			["Ready False Migrating", "Accepted True Accepted", "Reconciling True Migrating"],
		],
		[
			"refused",
			["upToDate", "blocked"],
			["Ready False Blocked", "Accepted True Accepted", "Stalled True Blocked"],
		],
		[
			"waiting for a person",
			["needsAcceptance"],
			["Ready False NeedsAcceptance", "Accepted True Accepted", "Stalled True NeedsAcceptance"],
		],
	] as const)("%s", (_, given, expected) => {
		expect(conditions(statusOf(given))).toEqual(expected)
	})

	it("say that it is paused, before anything else", () => {
		expect(conditions(statusOf(["blocked"], {spec: {paused: true}}))).toEqual([
			"Ready False Paused",
			"Accepted True Accepted",
			"Stalled True Paused",
		])
	})

	it("name those that it is tied with", () => {
		const status = statusOf(["blocked"], {others: [profile({}, "other")]})
		expect(conditions(status)).toContain("Accepted False ProfileTie")
		expect(status.conditions?.find(({type}) => type === "Accepted")?.message).toBe(
			"other selects the same namespaces with the same priority 0; nothing moves there until one of them gets another",
		)
	})

	it("say that others decide for all that it selects", () => {
		const status = statusOf(["upToDate"], {others: [profile({priority: 5}, "higher")]})
		expect(conditions(status)).toContain("Accepted False Outranked")
	})

	it("carry the generation that they are of", () => {
		const status = statusOf(["upToDate"])
		expect(status.observedGeneration).toBe(2)
		expect(new Set(status.conditions?.map(({observedGeneration}) => observedGeneration))).toEqual(
			new Set([2]),
		)
	})
})
