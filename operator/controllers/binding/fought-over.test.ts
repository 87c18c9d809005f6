import {describe, expect, it} from "vitest"
import type {Step} from "../../plan/types.ts"
import {foughtOver} from "./fought-over.ts"
import type {BindingStatus} from "./record.ts"

const now = Date.parse("2026-01-01T01:00:00Z")
const label: Step = {id: "namespace-default", action: "Apply", object: "Namespace/shop", note: ""}
const roll: Step = {id: "roll-deployment-web", action: "Roll", object: "Deployment/shop/web", note: ""}
const gate: Step = {id: "gate-deployment-web", action: "Gate", note: ""}

/** Minutes ago at which migrations ended, the last one first. */
const status = (minutes: readonly number[], done: readonly Step[] = [label]): BindingStatus => ({
	migration: {
		id: `m${minutes.length}`,
		state: "Succeeded",
		steps: done.map(({id, action}) => ({id, action, state: "Done"})),
	},
	history: minutes.map((ago, index) => ({
		id: `m${minutes.length - index}`,
		state: "Succeeded",
		finishedAt: new Date(now - ago * 60_000).toISOString(),
	})),
})

describe("what is fought over", () => {
	it("is what the last of three migrations within ten minutes has done already", () => {
		expect(foughtOver({steps: [label]}, status([1, 3, 5]), now)).toBe("Namespace/shop")
		expect(foughtOver({steps: [roll, gate]}, status([1, 3, 5], [roll, gate]), now)).toBe(
			"Deployment/shop/web",
		)
	})

	it.each([
		["two are no sign", [label], status([1, 3])],
		["long ago is no sign", [label], status([1, 3, 50])],
		["something new is to do", [label, roll], status([1, 3, 5])],
		["nothing is to do", [], status([1, 3, 5])],
		["the last one went back", [label], {...status([1, 3, 5]), migration: {id: "m3", state: "RolledBack"}}],
	] as const)("is nothing where %s", (_, steps, before) => {
		expect(foughtOver({steps}, before, now)).toBeUndefined()
	})
})
