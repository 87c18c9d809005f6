import {describe, expect, it} from "vitest"
import type {Step} from "../../plan/types.ts"
import {isoTime} from "../iso-time.ts"
import {advance, end, isActive, isFinished, join, newcomers, nextId, type StepRecord} from "./record.ts"

const t0 = Date.parse("2026-01-01T00:00:00Z")

const record = (id: string, more: Partial<StepRecord> = {}): StepRecord => ({
	id,
	action: "Roll",
	state: "Pending",
	...more,
})
const step = (id: string, more: Partial<Step> = {}): Step => ({id, action: "Roll", note: "", ...more})

const roll = (name: string, wave: number, state: StepRecord["state"] = "Done") =>
	record(`roll-${name}`, {object: `Deployment/shop/${name}`, wave, state})
const gate = (name: string, wave: number, state: StepRecord["state"] = "Pending") =>
	record(`gate-${name}`, {action: "Gate", wave, state})
const toNamespace = (id: string, state: StepRecord["state"] = "Pending") =>
	record(id, {action: "Apply", object: "Namespace/shop", state})
const planned = (name: string) => step(`roll-${name}`, {object: `Deployment/shop/${name}`, wave: 1})

describe("joining a record with a newer plan", () => {
	const recorded = [
		toNamespace("use-waypoint"),
		roll("cart", 1),
		gate("cart", 1),
		toNamespace("namespace-default"),
	]

	it("changes nothing when nothing came", () => {
		expect(join(recorded, [planned("cart")])).toBe(recorded)
		expect(join(recorded, [])).toBe(recorded)
	})

	it("puts a newcomer into a wave of its own, after the waves and before what ends the migration", () => {
		const ids = join(recorded, [planned("cart"), planned("web")]).map(({id, wave}) => `${id} ${wave ?? "-"}`)
		expect(ids).toEqual([
			"use-waypoint -",
			"roll-cart 1",
			"gate-cart 1",
			"roll-web 2",
			"gate-2 2",
			"namespace-default -",
		])
	})

	it("never rolls a newcomer before what has to be there first", () => {
		const bare = [toNamespace("use-waypoint"), toNamespace("namespace-default")]
		const ids = join(bare, [planned("web")]).map(({id}) => id)
		expect(ids).toEqual(["use-waypoint", "roll-web", "gate-1", "namespace-default"])
	})

	it("appends where nothing ends the migration", () => {
		expect(join([], [planned("web")]).map(({id}) => id)).toEqual(["roll-web", "gate-1"])
	})

	it("knows the newcomers the next time", () => {
		const once = join(recorded, [planned("web")])
		expect(join(once, [planned("web")])).toBe(once)
	})

	it("takes up templates, and neither gates nor labels nor deletions", () => {
		const other = [
			step("gate-x", {action: "Gate"}),
			step("x", {action: "Apply"}),
			step("y", {action: "Delete"}),
		]
		expect(
			newcomers(recorded, [...other, step("template-z", {action: "Template"})]).map(({id}) => id),
		).toEqual(["template-z"])
	})

	it("keeps finished steps as they are", () => {
		expect(join(recorded, [planned("web")])).toEqual(expect.arrayContaining([...recorded]))
	})
})

describe("a step that moves on", () => {
	it("notes when it began, once", () => {
		const running = advance(record("a"), "Running", t0, "first")
		expect(running).toMatchObject({state: "Running", startedAt: isoTime(t0), message: "first"})
		expect(advance(running, "Running", t0 + 9_000)).toMatchObject({startedAt: isoTime(t0)})
	})

	it.each(["Done", "Failed", "Skipped", "Undone"] as const)("notes when it ended as %s, once", (state) => {
		const ended = advance(record("a"), state, t0)
		expect(ended).toMatchObject({state, finishedAt: isoTime(t0)})
		expect(advance(ended, "Undone", t0 + 9_000)).toMatchObject({finishedAt: isoTime(t0)})
	})

	it("forgets what it said before, and is brief", () => {
		const said = advance(record("a"), "Running", t0, "x".repeat(5_000))
		expect(said.message).toHaveLength(1024)
		expect(advance(said, "Done", t0)).not.toHaveProperty("message")
	})

	it("has no time while it is pending", () => {
		expect(advance(record("a"), "Pending", t0)).toEqual(record("a"))
	})

	it.each([
		["Pending", false],
		["Running", false],
		["Failed", false],
		["Done", true],
		["Skipped", true],
		["Undone", true],
	] as const)("%s is finished: %s", (state, expected) => {
		expect(isFinished(record("a", {state}))).toBe(expected)
	})
})

describe("a migration", () => {
	it("is numbered after the last one", () => {
		expect(nextId(undefined)).toBe("m1")
		expect(nextId({id: "m9", state: "Succeeded"})).toBe("m10")
	})

	it.each([
		["Running", true],
		["Holding", true],
		["RollingBack", true],
		["Succeeded", false],
		["RolledBack", false],
		["Failed", false],
	] as const)("%s is active: %s", (state, expected) => {
		expect(isActive({id: "m1", state})).toBe(expected)
	})

	it("ends on top of a history of ten", () => {
		const history = Array.from({length: 10}, (_, index) => ({
			id: `m${10 - index}`,
			state: "Succeeded" as const,
		}))
		const migration = {id: "m11", state: "Running" as const, from: "none", to: "istio-sidecar"}
		const status = end({history, dataplane: "none"}, migration, {
			state: "Succeeded",
			message: "well",
			now: t0,
		})
		expect(status).toMatchObject({
			dataplane: "none",
			migration: {state: "Succeeded", message: "well", finishedAt: isoTime(t0)},
		})
		expect(status.history).toHaveLength(10)
		expect(status.history?.[0]).toEqual({
			id: "m11",
			state: "Succeeded",
			message: "well",
			from: "none",
			to: "istio-sidecar",
			finishedAt: isoTime(t0),
		})
		expect(status.history?.at(-1)?.id).toBe("m2")
	})
})

describe("times", () => {
	it("are written without fractions", () => {
		expect(isoTime(t0 + 999)).toBe("2026-01-01T00:00:00Z")
	})
})
