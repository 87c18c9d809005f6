import {expect, test} from "vitest"
import {type Condition, conditionTypes, type Observation, setConditions} from "./conditions.ts"

const before = "2026-01-01T00:00:00Z"
const now = "2026-01-01T00:01:00Z"
const condition = (type: string, status: "True" | "False" | "Unknown", generation = 1): Condition => ({
	type,
	status,
	reason: "Healthy",
	message: "so it is",
	observedGeneration: generation,
	lastTransitionTime: before,
})
const observation = (
	type: Observation["type"],
	status: Observation["status"],
	reason: Observation["reason"] = "Healthy",
): Observation => ({type, status, reason, message: "seen"})
const set = (previous: readonly Condition[], ...observed: Observation[]) =>
	setConditions({previous, observed, generation: 2, now})

test("the time moves when the status changes", () => {
	expect(set([condition("Ready", "False")], observation("Ready", "True"))).toEqual([
		{
			type: "Ready",
			status: "True",
			reason: "Healthy",
			message: "seen",
			observedGeneration: 2,
			lastTransitionTime: now,
		},
	])
})

test("the time stays when only reason, message or generation change", () => {
	expect(set([condition("Ready", "False")], observation("Ready", "False", "Migrating"))).toEqual([
		{
			type: "Ready",
			status: "False",
			reason: "Migrating",
			message: "seen",
			observedGeneration: 2,
			lastTransitionTime: before,
		},
	])
})

test("Ready stands first, ours follow in their order, others next, Reconciling and Stalled last", () => {
	const shuffled = conditionTypes.toReversed().map((type) => observation(type, "True"))
	const types = set([condition("SomeoneElses", "True")], ...shuffled).map(({type}) => type)
	expect(types).toEqual([...conditionTypes.slice(0, -2), "SomeoneElses", "Reconciling", "Stalled"])
})

test("what is not observed again is kept, but for Reconciling and Stalled", () => {
	const previous = [
		condition("Ready", "True"),
		condition("Accepted", "True"),
		condition("Reconciling", "True"),
		condition("Stalled", "True"),
	]
	expect(set(previous, observation("Ready", "True")).map(({type}) => type)).toEqual(["Ready", "Accepted"])
})

test("Reconciling and Stalled stand only while they are True", () => {
	expect(set([], observation("Reconciling", "False"), observation("Stalled", "Unknown"))).toEqual([])
	expect(
		set([condition("Reconciling", "True")], observation("Reconciling", "True"))[0]?.lastTransitionTime,
	).toBe(before)
})

test("the same observation twice changes nothing", () => {
	const once = set([], observation("Ready", "False"), observation("Stalled", "True"))
	expect(
		setConditions({
			previous: once,
			observed: [observation("Stalled", "True"), observation("Ready", "False")],
			generation: 2,
			now: "2027-01-01T00:00:00Z",
		}),
	).toEqual(once)
})
