import {describe, expect, test} from "vitest"
import {samplePlan} from "../../testing/sample-plan.ts"
import {binding} from "../testing/bindings.ts"
import {happen, press, typed} from "../testing/press.ts"
import {row, unselected} from "../testing/rows.ts"
import {everyScreen, homeState, noon} from "../testing/states.ts"
import {initialState} from "./initial.ts"
import type {State} from "./state.ts"
import {withRows} from "./table.ts"

const names = (state: State) => state.table.view.map(({namespace}) => namespace)
const onCart = () => {
	const home = homeState()
	return {...home, scrolls: {...home.scrolls, namespaces: {top: 0, cursor: names(home).indexOf("cart")}}}
}
const plannedFor = (namespaces: readonly string[]) => ({
	...samplePlan,
	namespaces: samplePlan.namespaces.filter(({namespace}) => namespaces.includes(namespace)),
})

describe("from the welcome to the table", () => {
	test("Enter on a context connects to it and looks around", () => {
		const {state, effects} = press(everyScreen.welcome(), ["down", "enter"])
		expect(state.screen).toBe("discovery")
		expect(state.link).toEqual({state: "connecting", since: noon})
		expect(effects).toEqual([{type: "connect", choice: expect.objectContaining({name: "staging"})}])
	})

	test("Enter on a sandbox that does not run starts it, and its end connects to it", () => {
		const {state, effects} = press(everyScreen.welcome(), ["end", "enter"])
		expect([state.screen, state.job?.state]).toEqual(["install", "running"])
		expect(effects).toEqual([{type: "sandbox-up", name: "default"}])
		const choice = {kind: "sandbox", name: "default", state: "running", nodes: 3} as const
		const after = happen(state, [{type: "job-ended", ok: true, choice}])
		expect(after.state.screen).toBe("discovery")
		expect(after.effects).toEqual([{type: "connect", choice}])
	})

	test.each([
		["all is well", "ok", "namespaces"],
		["something needs a look", "warn", "discovery"],
	] as const)("when %s discovery ends on %s and shows the %s", (_name, state, screen) => {
		const looking = {...homeState({screen: "discovery"}), checks: [{id: "api", title: "API server", state}]}
		expect(happen(looking, [{type: "discovered"}]).state.screen).toBe(screen)
	})

	test("Esc from the table goes back to the welcome and lets go of the cluster", () => {
		const {state, effects} = press(homeState(), ["escape"])
		expect([state.screen, state.cluster, state.table.rows.size]).toEqual(["welcome", undefined, 0])
		expect(effects.map(({type}) => type)).toEqual(["disconnect", "list-choices"])
	})

	test("without a welcome beneath, Esc says how to leave and leaves nothing", () => {
		const {state, effects} = press(homeState({trail: []}), ["escape"])
		expect([state.screen, state.notice?.text, effects]).toEqual([
			"namespaces",
			"There is nothing before this; q leaves.",
			[],
		])
	})
})

describe("the table", () => {
	test("Esc takes back the filter first, then the selection, then the screen", () => {
		const start = press(onCart(), ["space", "/", ...typed("cart"), "enter"]).state
		expect([names(start), start.table.selected.size]).toEqual([["cart"], 1])
		const first = press(start, ["escape"]).state
		expect([first.table.filter, first.table.selected.size]).toEqual(["", 1])
		const second = press(first, ["escape"]).state
		expect([second.table.selected.size, second.screen]).toEqual([0, "namespaces"])
		expect(press(second, ["escape"]).state.screen).toBe("welcome")
	})

	test("the table follows while a filter is typed, and Esc in it takes it away", () => {
		const typing = press(homeState(), ["/", ...typed("blocked")]).state
		expect(names(typing)).toEqual(["legacy"])
		expect(names(press(typing, ["escape"]).state)).toHaveLength(7)
	})

	test("what is pasted is text for a question, and no key for a screen", () => {
		const typing = press(homeState(), ["/"]).state
		expect(happen(typing, [{type: "pasted", text: "ca\nrt"}]).state.prompt).toMatchObject({value: "ca rt"})
		const planned = {
			...everyScreen.plan(),
			prompt: {kind: "confirm", about: {type: "start"}, label: "Move?"},
		} as const
		expect(happen(planned, [{type: "pasted", text: "y"}])).toEqual({state: planned, effects: []})
	})

	test("a key that means something elsewhere is text while a filter is typed", () => {
		const {state} = press(homeState(), ["/", "q", "?", "backspace", "p"])
		expect(state.prompt).toMatchObject({value: "qp"})
	})

	test("a namespace of a control plane is not selected, and it is said why", () => {
		const shown = press(homeState(), ["S", "end", "space"]).state
		expect(shown.table.selected.size).toBe(0)
		expect(shown.notice?.text).toBe("kube-system is never moved: it belongs to Kubernetes.")
	})

	test("the cursor stays on its namespace when rows before it come and go", () => {
		const {state} = happen(onCart(), [
			{type: "rows", rows: [row("aaa", {moving: "running"})], gone: ["orders"], pending: 0},
		])
		expect(state.table.view[state.scrolls.namespaces.cursor]?.namespace).toBe("cart")
	})

	test("a namespace that is gone is no longer selected", () => {
		const {state} = happen(press(onCart(), ["space"]).state, [
			{type: "rows", rows: [], gone: ["cart"], pending: 0},
		])
		expect([...state.table.selected]).toEqual([])
	})
})

describe("a plan", () => {
	test("is of the selected namespaces, where their profiles send them when each has one", () => {
		const {state, effects} = press(onCart(), ["space", "p"])
		expect(state.screen).toBe("plan")
		expect(effects).toEqual([
			{type: "plan", draft: expect.objectContaining({namespaces: ["cart"], target: {kind: "profiles"}})},
		])
	})

	test("of namespaces without a profile gets one of mode Auto, which t changes", () => {
		const home = homeState()
		const table = withRows({...home.table, rows: new Map()}, {rows: [unselected("tools", {})], pending: 0})
		const planned = press({...home, table}, ["p"]).state
		expect(planned.draft?.profile?.spec.dataplane).toEqual({mode: "Auto"})
		const next = press(planned, ["t"])
		expect(next.state.draft?.profile?.spec.dataplane).toEqual({mode: "Sidecar", provider: "istio-sidecar"})
		expect(next.effects).toEqual([{type: "plan", draft: next.state.draft}])
	})

	const open = (...namespaces: string[]): State => ({
		...press(onCart(), ["space", "p"]).state,
		draft: {namespaces, target: {kind: "profiles"}, targets: [{kind: "profiles"}], accept: []},
		plan: plannedFor(namespaces),
	})

	test.each([
		["blocked", ["cart", "legacy"], "A blocked namespace is never started."],
		["at a risk", ["cart", "search"], "A risk waits for a decision."],
		["where it is to be", ["web"], "Everything is where it is to be; there is nothing to start."],
	] as const)("with a namespace that is %s is not started", (_name, namespaces, text) => {
		const {state, effects} = press(open(...namespaces), ["m"])
		expect([state.prompt, state.notice?.text, effects]).toEqual([undefined, text, []])
	})

	test("is not started while the cluster is lost", () => {
		const lost = {...open("cart"), link: {state: "lost", since: noon, why: "gone"}} as const
		expect(press(lost, ["m"]).state.prompt).toBeUndefined()
	})

	test("starts after a yes, and only after it", () => {
		const asked = press(open("cart"), ["m"])
		expect(asked.effects).toEqual([])
		expect(asked.state.prompt).toMatchObject({kind: "confirm", label: "Move cart in prod-eu?"})
		expect(press(asked.state, ["n"]).effects).toEqual([])
		expect(press(asked.state, ["m"]).effects).toEqual([])
		expect(press(asked.state, ["escape"]).effects).toEqual([])
		expect(press(asked.state, ["y"]).effects).toEqual([{type: "start", draft: asked.state.draft}])
	})

	test("a goes to the next risk, then accepts it, then takes that back", () => {
		const risky = open("cart", "search")
		const at = press(risky, ["a"])
		expect(at.effects).toEqual([])
		const accepted = press(at.state, ["a"])
		expect(accepted.state.draft?.accept).toEqual(["CyclicCallers"])
		expect(accepted.effects.map(({type}) => type)).toEqual(["plan"])
		expect(press(accepted.state, ["a"]).state.draft?.accept).toEqual([])
	})

	test("x leaves the blocked namespaces out, of the profile's selector too", () => {
		const profile = everyScreen.plan().draft?.profile
		if (profile === undefined) throw new Error("the draft has a profile")
		const both = open("cart", "legacy")
		const draft = {
			...(both.draft ?? {namespaces: [], target: {kind: "profiles"}, targets: [], accept: []}),
			profile,
		} as const
		const {state} = press({...both, draft}, ["x"])
		expect(state.draft?.namespaces).toEqual(["cart"])
		expect(state.draft?.profile?.spec.namespaceSelector.matchExpressions?.[0]?.values).toEqual(["cart"])
	})

	test("what was started is on the board and in the summary, with its file", () => {
		const going = {...everyScreen.plan(), draftYaml: "kind: MeshProfile\n"}
		const {state} = happen(going, [{type: "started", namespaces: ["cart", "legacy", "search"]}])
		expect([state.screen, state.draft, state.table.selected.size]).toEqual(["board", undefined, 0])
		expect(state.deeds).toMatchObject([
			{
				what: "Moved 3 namespaces",
				command: "heddle migrate --profile heddle-cart-and-2-more.yaml --yes",
				file: {path: "heddle-cart-and-2-more.yaml", text: "kind: MeshProfile\n", saved: false},
			},
		])
		const saving = press(state, ["5", "s", "enter"])
		expect(saving.effects).toEqual([
			{type: "save", path: "heddle-cart-and-2-more.yaml", text: "kind: MeshProfile\n"},
		])
	})
})

describe("the board", () => {
	const moving = everyScreen.board
	test("p holds what moves and lets go on what is held", () => {
		expect(press(moving(), ["p"]).effects).toEqual([{type: "hold", namespace: "search", hold: true}])
		const held = {...binding("search", {state: "Holding"}), spec: {hold: true}}
		const {state} = happen(moving(), [{type: "bindings", bindings: [held]}])
		expect(press(state, ["p"]).effects).toEqual([{type: "hold", namespace: "search", hold: false}])
	})

	test("R rolls back after a yes", () => {
		const asked = press(moving(), ["R"])
		expect(asked.state.prompt).toMatchObject({label: "Return search from istio-ambient to istio-sidecar?"})
		expect(press(asked.state, ["y"]).effects).toEqual([{type: "roll-back", namespace: "search"}])
	})

	test("r asks again only for what was given up", () => {
		expect(press(moving(), ["r"]).effects).toEqual([])
		const {state} = happen(moving(), [{type: "bindings", bindings: [binding("cart", {state: "RolledBack"})]}])
		expect(press(state, ["r"]).effects).toEqual([{type: "retry", namespace: "cart"}])
	})
})

describe("leaving", () => {
	const busy = () => press(everyScreen.welcome(), ["end", "enter"]).state
	test("q leaves with 0, Ctrl-C and a signal with 130", () => {
		expect(press(homeState(), ["q"]).effects).toEqual([{type: "exit", code: 0}])
		expect(press(homeState(), ["ctrl+c"]).effects).toEqual([{type: "exit", code: 130}])
		expect(happen(homeState(), [{type: "interrupt"}]).effects).toEqual([{type: "exit", code: 130}])
	})

	test("the first Ctrl-C stops what runs, its end leaves, and a second leaves at once", () => {
		const first = press(busy(), ["ctrl+c"])
		expect([first.effects, first.state.job?.state]).toEqual([[{type: "stop-job"}], "stopping"])
		expect(happen(first.state, [{type: "job-ended", ok: false}]).effects).toEqual([{type: "exit", code: 130}])
		expect(press(first.state, ["ctrl+c"]).effects).toEqual([{type: "exit", code: 130}])
	})

	test("q asks first while something runs", () => {
		const asked = press(busy(), ["q"])
		expect([asked.effects, asked.state.prompt?.kind]).toEqual([[], "confirm"])
		expect(press(asked.state, ["y"]).effects).toEqual([{type: "stop-job"}])
	})

	test.each(["ctrl+c"])("%s leaves from within a question, the help and a filter", (key) => {
		const states = [
			press(homeState(), ["/"]).state,
			press(homeState(), ["?"]).state,
			press(everyScreen.board(), ["R"]).state,
		]
		for (const state of states) expect(press(state, [key]).effects).toEqual([{type: "exit", code: 130}])
	})
})

test("a cluster that is lost says since when, however often it is told", () => {
	const lost = {type: "link", link: {state: "lost", why: "refused"}} as const
	const {state} = happen(homeState(), [lost, {type: "tick", now: noon + 9_000}, lost])
	expect(state.link).toEqual({state: "lost", since: noon, why: "refused"})
	expect(happen(state, [{type: "link", link: {state: "up"}}]).state.link).toEqual({state: "up"})
})

test("a notice goes after a while, and what went wrong stays until a key is pressed", () => {
	const later = {type: "tick", now: noon + 9_000} as const
	const told = happen(homeState(), [{type: "told", text: "done"}]).state
	expect(happen(told, [{type: "tick", now: noon + 7_000}]).state.notice?.text).toBe("done")
	expect(happen(told, [later]).state.notice).toBeUndefined()
	const failed = happen(homeState(), [{type: "failed", problem: {message: "no"}}]).state
	expect(happen(failed, [later]).state.notice?.text).toBe("no")
	expect(press(failed, ["down"]).state.notice).toBeUndefined()
})

test("a first look that fails is on the screen with its fix", () => {
	const failed = {type: "failed", problem: {message: "no", fix: "do"}} as const
	expect(happen(initialState(noon, "welcome"), [failed]).state.notice).toEqual({
		tone: "bad",
		text: "no",
		fix: "do",
	})
})
