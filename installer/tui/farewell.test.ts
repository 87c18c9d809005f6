import {expect, test} from "vitest"
import {plain} from "../report/style.ts"
import {farewell} from "./farewell.ts"
import {withBindings} from "./model/board.ts"
import {binding} from "./testing/bindings.ts"
import {happen, press} from "./testing/press.ts"
import {everyScreen, homeState, noon} from "./testing/states.ts"
import {hardWrapped} from "./views/hard-wrap.ts"
import {spokenLines} from "./views/spoken.ts"

const page = {columns: 80, style: plain}

test("nothing is said when nothing goes on and nothing was done", () => {
	expect(farewell(homeState(), page)).toBe("")
})

test("what goes on without us is said, and how to look on", () => {
	const home = homeState()
	const board = withBindings(home.board, [binding("cart", {state: "Running"})], noon)
	expect(farewell({...home, board}, page)).toBe(
		[
			"↻  1 migration under way: the operator goes on by itself.",
			"   $  heddle status --watch --context prod-eu",
		].join("\n"),
	)
})

test("what was stopped says how to go on", () => {
	const stopping = press(everyScreen.welcome(), ["end", "enter", "ctrl+c"]).state
	const {state} = happen(stopping, [{type: "job-ended", ok: false, problem: {message: "stopped"}}])
	expect(farewell(state, page)).toContain("$  heddle sandbox up --operator")
})

test("what was done and not saved is given as a command", () => {
	expect(farewell(everyScreen.summary(), page)).toContain("heddle migrate --profile heddle-cart.yaml --yes")
})

test("a screen reader gets the row under the cursor as a sentence, with the command", () => {
	expect(spokenLines(everyScreen.namespaces())).toEqual([
		"heddle, Namespaces, cluster prod-eu",
		"3 of 7. search, selected. 12 pods on istio-sidecar. fits best on istio-ambient, needs acceptance. accept CyclicCallers. saves 1 cpu 1.3 GiB",
		"The same as a command: heddle plan --all-namespaces --context prod-eu",
		"Question mark reads the keys.",
	])
})

test("on a narrow screen a long word is broken, and its colour goes on", () => {
	const lines = hardWrapped((style) => `see ${style("bad", "abcdefghij")} end`, {
		columns: 6,
		style: (tone, text) => (tone === undefined ? text : `<${text}>`),
	})
	expect(lines).toEqual(["see <ab>", "<cdefgh>", "<ij> end"])
})
