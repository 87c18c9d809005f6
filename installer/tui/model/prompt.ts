import type {KeyName} from "../keys/map.ts"
import {looking} from "./act-module.ts"
import {leaveOrAsk} from "./leave.ts"
import {just, type Next} from "./next.ts"
import {atTop} from "./scroll.ts"
import type {Confirmed, Job, Prompt, State} from "./state.ts"
import {arranged} from "./table.ts"

type Typed = {readonly key: KeyName; readonly text: string}

/** Keys while a question is open. */
export function promptKey(state: State, prompt: Prompt, typed: Typed): Next {
	if (typed.key === "ctrl+c") return leaveOrAsk(withoutPrompt(state), 130)
	switch (prompt.kind) {
		case "confirm":
			return confirmKey(state, prompt, typed)
		case "typed":
			return typedKey(state, prompt, typed)
		case "text":
			return textKey(state, prompt, typed)
	}
}

/** Pasted text is never a key: a line of somebody's notes must not say yes. */
export function pasted(state: State, text: string): Next {
	const {prompt} = state
	if (prompt?.kind === "text") return changed(state, prompt, prompt.value + text.replace(/\s+/g, " "))
	return prompt?.kind === "typed"
		? just({...state, prompt: {...prompt, value: prompt.value + text.trim()}})
		: just(state)
}

function withoutPrompt(state: State): State {
	const {prompt, ...rest} = state
	return rest
}

function confirmKey(state: State, {about}: Extract<Prompt, {kind: "confirm"}>, {key}: Typed): Next {
	const closed = withoutPrompt(state)
	if (key === "y" || key === "Y") return agreed(closed, about)
	if (key === "n" || key === "N" || key === "escape" || key === "enter")
		return declined(closed, about, "Nothing was changed.")
	return just(state)
}

function declined(closed: State, about: Confirmed, text: string): Next {
	const told = {...closed, notice: {tone: "dim", text}} as const
	return about.type === "install" ? just(told, {type: "answer", yes: false}) : just(told)
}

type Agreement = Extract<Prompt, {kind: "typed"}>

/** Only the whole name, as it stands in the question, is a yes. */
function typedKey(state: State, prompt: Agreement, {key, text}: Typed): Next {
	const {about, wanted, value} = prompt
	const closed = withoutPrompt(state)
	if (key === "escape") return declined(closed, about, "Nothing was changed.")
	if (key !== "enter") return just({...state, prompt: {...prompt, value: edited(value, key, text)}})
	return value === wanted
		? agreed(closed, about)
		: declined(closed, about, `Nothing was changed: ${value === "" ? "nothing" : value} is not ${wanted}.`)
}

const withJob = (state: State, stands: Job["state"]): State =>
	state.job === undefined ? state : {...state, job: {...state.job, state: stands}}

function agreed(state: State, about: Confirmed): Next {
	switch (about.type) {
		case "start":
			return state.draft === undefined
				? just(state)
				: just(
						{...state, notice: {tone: "dim", text: "Writing what was decided…"}},
						{type: "start", draft: state.draft},
					)
		case "roll-back":
			return just(
				{...state, notice: {tone: "dim", text: `Returning ${about.namespace}…`}},
				{type: "roll-back", namespace: about.namespace},
			)
		case "leave":
			return leaveOrAsk(state, 130)
		case "install":
			return just(withJob(state, "running"), {type: "answer", yes: true})
	}
}

function textKey(state: State, prompt: Extract<Prompt, {kind: "text"}>, {key, text}: Typed): Next {
	if (key === "escape") return cancelled(state, prompt)
	if (key === "enter") return entered(state, prompt)
	return changed(state, prompt, edited(prompt.value, key, text))
}

/** The table follows while the filter is typed. */
function changed(state: State, prompt: Extract<Prompt, {kind: "text"}>, value: string): Next {
	const next = {...state, prompt: {...prompt, value}}
	return just(prompt.about === "filter" ? filtered(next, value) : next)
}

function edited(value: string, key: KeyName, text: string): string {
	if (key === "backspace") return [...value].slice(0, -1).join("")
	if (key === "ctrl+u") return ""
	if (key === "ctrl+w") return value.replace(/\S+\s*$/, "")
	return value + text
}

function cancelled(state: State, {about}: Extract<Prompt, {kind: "text"}>): Next {
	const closed = withoutPrompt(state)
	return just(about === "filter" ? filtered(closed, "") : closed)
}

function entered(state: State, {about, value}: Extract<Prompt, {kind: "text"}>): Next {
	const closed = withoutPrompt(state)
	if (about === "filter") return just(closed)
	if (about === "inspect") return value.trim() === "" ? just(closed) : looking(closed, {url: value.trim()})
	const text = fileToSave(closed)
	return value.trim() === "" || text === undefined
		? just({...closed, notice: {tone: "dim", text: "Nothing was saved."}})
		: just(closed, {type: "save", path: value.trim(), text})
}

/** The file that `s` saves on this screen. */
export function fileToSave({screen, draft, deeds, draftYaml}: State): string | undefined {
	if (screen !== "summary") return draft?.profile === undefined ? undefined : draftYaml
	return deeds.findLast(({file}) => file !== undefined)?.file?.text
}

function filtered(state: State, filter: string): State {
	return {
		...state,
		table: arranged({...state.table, filter}),
		scrolls: {...state.scrolls, namespaces: atTop},
	}
}
