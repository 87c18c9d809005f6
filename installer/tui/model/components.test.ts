import {describe, expect, test} from "vitest"
import {happen, press, typed} from "../testing/press.ts"
import {everyScreen, noon} from "../testing/states.ts"
import {lookKey} from "./act-module.ts"
import {initialState} from "./initial.ts"

describe("installing", () => {
	const onCilium = () => {
		const at = everyScreen.dataplanes()
		return {...at, scrolls: {...at.scrolls, dataplanes: {top: 0, cursor: 2}}}
	}
	test("i installs what is not there, shows what would change, and writes after a yes", () => {
		const begun = press(onCilium(), ["i"])
		expect(begun.effects).toEqual([{type: "install", flow: "install", names: ["cilium"], adopt: false}])
		const asked = happen(begun.state, [{type: "asked", question: "Apply 3 objects in prod-eu?"}]).state
		expect([asked.screen, asked.job?.state, asked.prompt?.kind]).toEqual(["install", "asking", "confirm"])
		expect(press(asked, ["y"]).effects).toEqual([{type: "answer", yes: true}])
		expect(press(asked, ["n"]).effects).toEqual([{type: "answer", yes: false}])
		const done = happen(press(asked, ["y"]).state, [{type: "job-ended", ok: true}]).state
		expect(done.deeds).toMatchObject([{what: "Installed cilium", command: "heddle install cilium --yes"}])
	})

	test("what is installed is put right, and what Heddle does not install is said so", () => {
		const at = onCilium()
		const cursor = (index: number) => ({...at, scrolls: {...at.scrolls, dataplanes: {top: 0, cursor: index}}})
		expect(press(cursor(0), ["i"]).effects).toMatchObject([{flow: "install", names: ["istio-sidecar"]}])
		expect(press(cursor(3), ["i"]).state.notice?.text).toBe("Heddle does not install none.")
	})

	test("what somebody else installed is taken over only when that is asked for", () => {
		const begun = press(onCilium(), ["i"]).state
		expect(press(begun, ["a"]).effects).toEqual([])
		const refused = happen(begun, [
			{
				type: "flow",
				event: {type: "diagnostic", severity: "block", code: "OwnedByAnother", message: "is there"},
			},
			{type: "job-ended", ok: false},
		]).state
		const again = press(refused, ["a"])
		expect(again.effects).toEqual([{type: "install", flow: "install", names: ["cilium"], adopt: true}])
		expect(again.state.job?.command).toBe("install cilium --adopt")
	})

	const on = (index: number) => {
		const at = everyScreen.dataplanes()
		return {...at, scrolls: {...at.scrolls, dataplanes: {top: 0, cursor: index}}}
	}
	const asked = (keys: readonly string[], cursor: number) =>
		happen(press(on(cursor), keys).state, [{type: "asked", question: "Delete 3 objects in prod-eu?"}]).state

	test("u upgrades and X uninstalls what Heddle installed, and nothing else", () => {
		for (const [key, flow] of [
			["u", "upgrade"],
			["X", "uninstall"],
		] as const) {
			expect(press(on(0), [key]).effects).toEqual([
				{type: "install", flow, names: ["istio-sidecar"], adopt: false},
			])
			expect(press(on(1), [key]).effects).toEqual([])
			expect(press(on(1), [key]).state.notice?.text).toBe("Heddle did not install istio-ambient.")
			expect(press(on(2), [key]).state.notice?.text).toBe("cilium is not installed.")
		}
	})

	test("what is there by another tool is looked at with i: whose it is, and what taking it over would change", () => {
		expect(press(on(1), ["i"]).effects).toMatchObject([
			{flow: "install", names: ["istio-ambient"], adopt: false},
		])
	})

	test("while the record is not read, nothing of it is upgraded or removed", () => {
		const {components, ...unread} = on(0)
		expect(press(unread, ["X"]).effects).toEqual([])
		expect(press(unread, ["X"]).state.notice?.text).toContain("is not known")
	})

	test("an uninstall is agreed to by typing the cluster's name; y, Enter and another name remove nothing", () => {
		const question = asked(["X"], 0)
		expect(question.prompt).toMatchObject({kind: "typed", wanted: "prod-eu"})
		expect(press(question, [...typed("prod-eu"), "enter"]).effects).toEqual([{type: "answer", yes: true}])
		for (const keys of [["y", "enter"], ["enter"], [...typed("prod-us"), "enter"], ["escape"]])
			expect(press(question, keys).effects).toEqual([{type: "answer", yes: false}])
		expect(press(question, ["y"]).effects).toEqual([])
		expect(press(question, ["pageup"]).state.prompt).toEqual(question.prompt)
		const pasted = happen(question, [{type: "pasted", text: "prod-eu\n"}])
		expect(pasted.effects).toEqual([])
		expect(press(pasted.state, ["enter"]).effects).toEqual([{type: "answer", yes: true}])
	})

	test("what was removed stands in the summary, and the record is read again", () => {
		const over = happen(press(asked(["X"], 0), [...typed("prod-eu"), "enter"]).state, [
			{type: "job-ended", ok: true},
		])
		expect(over.effects).toEqual([{type: "components"}])
		expect(over.state.deeds).toMatchObject([
			{what: "Uninstalled istio-sidecar", command: "heddle uninstall istio-sidecar --yes"},
		])
	})

	test("the record is read when the cluster is there, and when it is back", () => {
		const up = {type: "link", link: {state: "up"}} as const
		const lost = {type: "link", link: {state: "lost", why: "refused"}} as const
		expect(happen(initialState(noon, "discovery"), [up, up, lost, up]).effects).toEqual([
			{type: "components"},
			{type: "components"},
		])
	})

	test("a cursor that was further down than the list is now means the last line, which it is drawn on", () => {
		expect(press(on(99), ["u"]).effects).toMatchObject([{flow: "upgrade", names: ["operator"]}])
	})

	test("one at a time", () => {
		const begun = press(onCilium(), ["i", "escape"])
		expect(press(begun.state, ["i"]).effects).toEqual([])
	})
})

describe("modules", () => {
	const at = everyScreen.modules
	test("Enter looks at a module once, and again after it could not be had", () => {
		const first = press(at(), ["enter"])
		expect(first.effects).toMatchObject([
			{type: "inspect", asked: {name: "audit", hosts: ["istio-waypoint"]}},
		])
		expect(press(first.state, ["escape", "enter"]).effects).toEqual([])
		const [asked] = at().modules
		if (asked === undefined) throw new Error("there is a module")
		const failed = happen(first.state, [
			{type: "looked", key: lookKey(asked), look: {state: "failed", problem: {message: "no"}}},
		])
		expect(press(failed.state, ["escape", "enter"]).effects).toHaveLength(1)
	})

	test("i looks at any address", () => {
		const {state, effects} = press(at(), ["i", ...typed("audit.wasm"), "enter"])
		expect([state.screen, effects]).toEqual(["module", [{type: "inspect", asked: {url: "audit.wasm"}}]])
		expect(press(at(), ["i", "enter"]).effects).toEqual([])
	})
})
