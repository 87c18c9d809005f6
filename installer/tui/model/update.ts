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
import type {Check, Deed, Job, State} from "./state.ts"
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
		if (state.prompt?.kind === "confirm" && isMove(action)) return act(state, action, extent)
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
	link: (state, {link}) => {
		const since = state.link.state === "lost" ? state.link.since : state.now
		return just({...state, link: link.state === "lost" ? {...link, since} : link})
	},
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
						prompt: {
							kind: "confirm",
							about: {type: "install"},
							label: question,
						},
					},
		),
	"job-ended": jobEnded,
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
	const over =
		prompt?.kind === "confirm" && prompt.about.type === "install" ? {...rest, job} : {...state, job}
	if (state.leaving) return just(over, {type: "exit", code: 130})
	if (choice !== undefined)
		return just(opened({...over, screen: "welcome", trail: []}, "discovery"), {type: "connect", choice})
	if (!ok || job.kind !== "install") return just(over)
	const deed = {
		at: state.now,
		what: job.title.replace(/^Install/, "Installed"),
		command: `heddle ${job.command} --yes`,
	}
	return just({...over, deeds: [...state.deeds, deed]})
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
