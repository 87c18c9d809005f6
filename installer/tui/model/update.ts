import {actionOf} from "../keys/map.ts"
import {act} from "./act.ts"
import {withBindings, withSamples} from "./board.ts"
import {migrateCommand, profileFile} from "./commands.ts"
import type {Event} from "./event.ts"
import {emptyFlow, withEvent} from "./flow.ts"
import {helpKey} from "./help.ts"
import {leaveOrAsk} from "./leave.ts"
import {opened} from "./navigate.ts"
import {just, type Next} from "./next.ts"
import {pasted, promptKey} from "./prompt.ts"
import {isMove} from "./scroll.ts"
import type {Check, Deed, InstallFlow, Job, Prompt, State} from "./state.ts"
import {withRows} from "./table.ts"

type Handlers = {readonly [T in Event["type"]]: (state: State, event: Extract<Event, {type: T}>) => Next}

/** The only place where the state changes. Pure: the same state and event give the same answer. */
export function update(state: State, event: Event): Next {
	const handle = handlers[event.type] as (state: State, event: Event) => Next
	const next = handle(state, event)
	const {notice} = next.state
	return notice === undefined || notice === state.notice
		? next
		: {...next, state: {...next.state, noticeAt: state.now}}
}

/** Letters belong to what is typed. */
const mayScroll = (prompt: Prompt | undefined, key: string): boolean =>
	prompt?.kind === "confirm" || (prompt?.kind === "typed" && key.length > 1)

/** Read by then, or never; what went wrong stays until a key is pressed. */
const noticeMs = 8_000

function ticked(state: State, now: number): State {
	const {notice, ...rest} = state
	const old = notice !== undefined && notice.tone !== "bad" && now - state.noticeAt > noticeMs
	return old ? {...rest, now} : {...state, now}
}

const handlers: Handlers = {
	key: (state, {key, text, extent}) => {
		const action = actionOf(state.screen, key)
		// What is asked about may be longer than the screen.
		if (mayScroll(state.prompt, key) && isMove(action)) return act(state, action, extent)
		if (state.prompt !== undefined) return promptKey(state, state.prompt, {key, text})
		if (state.help) return helpKey(state, key, extent)
		if (action === undefined) return just(state)
		const {notice, ...quiet} = state
		return act(quiet, action, extent)
	},
	pasted: (state, {text}) => pasted(state, text),
	interrupt: (state) => leaveOrAsk(state, 130),
	tick: (state, {now}) => just(ticked(state, now)),
	choices: (state, {choices, problem}) => {
		const {problem: _, ...rest} = state
		return just({...rest, choices, ...(problem === undefined ? {} : {problem})})
	},
	cluster: (state, {cluster}) => just({...state, cluster}),
	link: linkChanged,
	check: (state, {check}) => just({...state, checks: upserted(state.checks, check)}),
	discovered: (state) => {
		const clean = state.checks.every((check) => check.state === "ok" || check.state === "none")
		const known = {...state, discovered: true}
		return just(state.screen === "discovery" && clean ? opened(known, "namespaces") : known)
	},
	facts: (state, {planes, profiles, modules, nodes}) =>
		just({
			...state,
			planes,
			profiles,
			modules,
			...(state.cluster === undefined ? {} : {cluster: {...state.cluster, nodes}}),
		}),
	components: (state, {components}) => just({...state, components}),
	looked: (state, {key, look}) => just({...state, looks: {...state.looks, [key]: look}}),
	rows: (state, change) => just(rowsChanged(state, change)),
	explained: (state, {plan}) =>
		just(
			state.detail?.namespace === plan.namespace
				? {...state, detail: {namespace: plan.namespace, plan}}
				: state,
		),
	planned: (state, {plan, diff, yaml}) => {
		const {draftYaml, ...rest} = state
		return just(
			state.draft === undefined
				? state
				: {...rest, plan, diff, ...(yaml === undefined ? {} : {draftYaml: yaml})},
		)
	},
	bindings: (state, {bindings}) => just({...state, board: withBindings(state.board, bindings, state.now)}),
	samples: (state, {ready}) => just({...state, board: withSamples(state.board, ready)}),
	started: (state, {namespaces}) => {
		const {draft, plan, diff, draftYaml, ...rest} = state
		const deeds = draft === undefined ? state.deeds : [...state.deeds, deedOf(state, draft)]
		const table = {...state.table, selected: new Set<string>()}
		const board = opened({...rest, deeds, table, trail: ["namespaces"], screen: "namespaces"}, "board")
		const one = namespaces.length === 1 ? namespaces[0] : `${namespaces.length} namespaces`
		return just({...board, notice: {tone: "ok", text: `The operator has taken up ${one}.`}})
	},
	told: (state, {text}) => just({...state, notice: {tone: "dim", text}}),
	saved: (state, {path, text}) =>
		just({
			...state,
			notice: {tone: "ok", text: `Saved ${path}.`},
			deeds: state.deeds.map((deed) =>
				deed.file?.text === text ? {...deed, file: {path, text, saved: true}} : deed,
			),
		}),
	failed: (state, {problem}) =>
		just({
			...state,
			notice: {
				tone: "bad",
				text: problem.message,
				...(problem.fix === undefined ? {} : {fix: problem.fix}),
			},
		}),
	flow: (state, {event}) =>
		just(
			state.job === undefined
				? state
				: {...state, job: {...state.job, flow: withEvent(state.job.flow ?? emptyFlow, event, state.now)}},
		),
	asked: (state, {question}) =>
		just(
			state.job === undefined
				? state
				: {
						...state,
						job: {...state.job, state: "asking"},
						prompt: consentTo(state.job, question, state.cluster?.context),
					},
		),
	"job-ended": jobEnded,
}

/** What was installed is read when the cluster is there, and again when it is back. */
function linkChanged(state: State, {link}: Extract<Event, {type: "link"}>): Next {
	const since = state.link.state === "lost" ? state.link.since : state.now
	const next = {...state, link: link.state === "lost" ? {...link, since} : link}
	return link.state === "up" && state.link.state !== "up" ? just(next, {type: "components"}) : just(next)
}

/** Removing is agreed to by name: a habit of pressing y must not be enough. */
function consentTo({kind}: Job, question: string, context = "this cluster"): Prompt {
	const about = {type: "install"} as const
	return kind === "uninstall"
		? {kind: "typed", about, label: `${question} Type ${context}`, wanted: context, value: ""}
		: {kind: "confirm", about, label: question}
}

function upserted(checks: readonly Check[], check: Check): readonly Check[] {
	const at = checks.findIndex(({id}) => id === check.id)
	return at < 0 ? [...checks, check] : checks.with(at, check)
}

/** The cursor stays on its namespace when others come, go or change places; at the top it stays at the top. */
function rowsChanged(state: State, change: Parameters<typeof withRows>[1]): State {
	const {cursor, top} = state.scrolls.namespaces
	const name = state.table.view[cursor]?.namespace
	const table = withRows(state.table, change)
	const found = cursor === 0 ? 0 : table.view.findIndex(({namespace}) => namespace === name)
	const at = found < 0 ? Math.min(cursor, Math.max(0, table.view.length - 1)) : found
	const scroll = {cursor: at, top: Math.max(0, top + at - cursor)}
	return {...state, table, scrolls: {...state.scrolls, namespaces: scroll}}
}

function jobEnded(state: State, {ok, problem, choice}: Extract<Event, {type: "job-ended"}>): Next {
	if (state.job === undefined) return just(state)
	const {prompt, ...rest} = state
	const job: Job = {
		...state.job,
		state: ok ? "done" : "failed",
		...(problem === undefined ? {} : {problem}),
	}
	const asked = prompt !== undefined && prompt.kind !== "text" && prompt.about.type === "install"
	const over = asked ? {...rest, job} : {...state, job}
	if (state.leaving) return just(over, {type: "exit", code: 130})
	if (choice !== undefined)
		return just(opened({...over, screen: "welcome", trail: []}, "discovery"), {type: "connect", choice})
	if (job.kind === "sandbox") return just(over)
	const reread = {type: "components"} as const
	if (!ok) return just(over, reread)
	const what = `${done[job.kind]} ${job.what ?? job.names.join(", ")}`
	const deed = {at: state.now, what, command: `heddle ${job.command} --yes`}
	return just({...over, deeds: [...state.deeds, deed]}, reread)
}

const done: Readonly<Record<InstallFlow, string>> = {
	install: "Installed",
	upgrade: "Upgraded",
	uninstall: "Uninstalled",
}

function deedOf(state: State, draft: NonNullable<State["draft"]>): Deed {
	const {profile, namespaces} = draft
	const where = namespaces.length === 1 ? (namespaces[0] ?? "") : `${namespaces.length} namespaces`
	return {
		at: state.now,
		what: `Moved ${where}`,
		command: `heddle ${migrateCommand(draft)} --yes`,
		...(profile === undefined || state.draftYaml === undefined
			? {}
			: {file: {path: profileFile(profile.metadata.name), text: state.draftYaml, saved: false}}),
	}
}
