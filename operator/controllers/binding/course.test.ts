import {describe, expect, it} from "vitest"
import type {MeshBinding, MeshProfile} from "../../../crds/generated.ts"
import {meshProfile} from "../../plan/testing/profile.ts"
import type {NamespacePlan} from "../../plan/types.ts"
import {awaitsApproval, detour, leadsElsewhere, type Wish} from "./course.ts"
import type {Migration} from "./record.ts"
import {profileOf} from "./testing/scenes.ts"

const migration: Migration = {id: "m1", state: "Running", to: "istio-sidecar", revision: "default"}

const plan = (dataplane: string, more: Partial<NamespacePlan> = {}): NamespacePlan =>
	({
		to: {dataplane, mode: "Sidecar", revision: "default"},
		verdict: "Ready",
		reasons: [],
		...more,
	}) as unknown as NamespacePlan

const profile = (approval: "Automatic" | "Manual"): MeshProfile =>
	profileOf(meshProfile({mode: "Sidecar"}, {migration: {approval}}))
const binding = (approved?: number): MeshBinding => ({
	apiVersion: "heddle.dev/v1alpha1",
	kind: "MeshBinding",
	metadata: {name: "mesh"},
	spec: approved === undefined ? {} : {approved},
})
const wish = (made: NamespacePlan, more: Partial<Wish> = {}): Wish => ({
	plan: made,
	profile: profile("Automatic"),
	binding: binding(),
	...more,
})

describe("a plan that leads elsewhere than what is under way", () => {
	it.each([
		["the same", plan("istio-sidecar"), false],
		["another dataplane", plan("istio-ambient"), true],
		[
			"another revision",
			plan("istio-sidecar", {to: {dataplane: "istio-sidecar", mode: "Sidecar", revision: "b"}}),
			true,
		],
		["nowhere", plan("istio-sidecar", {to: null}), false],
	])("%s", (_, made, expected) => {
		expect(leadsElsewhere(made, migration)).toBe(expected)
	})
})

describe("why a new goal has to wait", () => {
	const open = {code: "SingleReplica", severity: "accept", message: "one pod"} as const
	it.each([
		["it may be taken up", wish(plan("istio-ambient")), undefined],
		["there is none", wish(plan("istio-sidecar", {verdict: "Blocked"})), undefined],
		[
			"it is refused",
			wish(plan("istio-ambient", {verdict: "Blocked", reasons: [{...open, code: "No", severity: "block"}]})),
			"the MeshProfile now asks for istio-ambient: No: one pod",
		],
		[
			"nobody accepted it",
			wish(plan("istio-ambient", {verdict: "NeedsAcceptance", reasons: [open]})),
			"the MeshProfile now asks for istio-ambient: SingleReplica: one pod",
		],
		[
			"nobody approved it",
			wish(plan("istio-ambient"), {profile: profile("Manual")}),
			"the MeshProfile now asks for istio-ambient: set spec.approved to 1 to go there",
		],
		[
			"it is approved",
			wish(plan("istio-ambient"), {profile: profile("Manual"), binding: binding(1)}),
			undefined,
		],
	])("%s", (_, given, expected) => {
		expect(detour(given, migration)).toBe(expected)
	})

	it("is nothing where nothing is under way", () => {
		expect(detour(wish(plan("istio-ambient", {verdict: "Blocked"})), undefined)).toBeUndefined()
		const over: Migration = {...migration, state: "Succeeded"}
		expect(detour(wish(plan("istio-ambient", {verdict: "Blocked"})), over)).toBeUndefined()
	})
})

describe("approval", () => {
	it.each([
		["Automatic", undefined, false],
		["Manual", undefined, true],
		["Manual", 1, false],
		["Manual", 2, true],
	] as const)("%s, approved %s: waits %s", (approval, approved, expected) => {
		expect(awaitsApproval({plan: undefined, profile: profile(approval), binding: binding(approved)})).toBe(
			expected,
		)
	})
})
