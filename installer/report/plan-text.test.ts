import {describe, expect, test} from "vitest"
import type {Plan} from "../../operator/plan/types.ts"
import {samplePlan as made} from "../testing/sample-plan.ts"
import {explainText} from "./explain-text.ts"
import {planText} from "./plan-text.ts"
import {coloured, plain} from "./style.ts"
import {widthOf} from "./width.ts"

const pages = [
	{name: "80", page: {columns: 80, style: plain}},
	{name: "120", page: {columns: 120, style: plain}},
	{name: "80-colour", page: {columns: 80, style: coloured}},
	{name: "120-colour", page: {columns: 120, style: coloured}},
] as const

describe.each(pages)("on a page of $name", ({name, page}) => {
	test("the overview tells where each namespace goes, and what stands in the way with its fix", async () => {
		await expect(planText(made, page)).toMatchFileSnapshot(`goldens/plan-${name}.golden`)
	})

	test("the detail of each namespace gives everything that a decision needs", async () => {
		const all = made.namespaces.map((one) => explainText(one, page)).join("\n\n────\n\n")
		await expect(all).toMatchFileSnapshot(`goldens/explain-${name}.golden`)
	})
})

test("colour adds nothing that the words do not say", () => {
	const colours = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, "g")
	const bare = planText(made, {columns: 80, style: coloured}).replace(colours, "")
	expect(bare).toBe(planText(made, {columns: 80, style: plain}))
})

test.each([80, 100, 120])("no line is wider than %i columns unless one word is", (columns) => {
	for (const one of made.namespaces) {
		for (const line of `${planText(made, {columns, style: plain})}\n${explainText(one, {columns, style: plain})}`.split(
			"\n",
		)) {
			const longest = Math.max(...line.trim().split(" ").map(widthOf))
			expect(widthOf(line), line).toBeLessThanOrEqual(Math.max(columns, 40 + longest))
		}
	}
})

test("an escape sequence in a message does not reach the terminal", () => {
	const [first] = made.namespaces
	if (first === undefined) throw new Error("no namespace was planned")
	const reason = {code: "X", severity: "block", message: "before \u001b[2J\u202eafter\nnext"} as const
	const evil: Plan = {...made, namespaces: [{...first, verdict: "Blocked", reasons: [reason]}]}
	const text = planText(evil, {columns: 80, style: plain})
	expect(text).toContain("X: before \ufffd[2J\ufffdafter next")
	expect(text).not.toContain("\u001b")
})

test("a plan without namespaces says how to see the others", () => {
	const text = planText({...made, namespaces: []}, {columns: 80, style: plain})
	expect(text).toContain("--all-namespaces")
})
