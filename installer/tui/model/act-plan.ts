import {profileFile} from "./commands.ts"
import {type Draft, nextTarget, withAccepted} from "./draft.ts"
import {opened} from "./navigate.ts"
import {just, type Next, notUp, refused} from "./next.ts"
import {planItems} from "./plan-items.ts"
import {fileToSave} from "./prompt.ts"
import {underCursor, windowed} from "./scroll.ts"
import type {Extent, State} from "./state.ts"

/** The plan as it was stays on the screen until the new one is there. */
function replanned(state: State, draft: Draft): Next {
	return just({...state, draft}, {type: "plan", draft})
}

export function target(state: State): Next {
	if (state.draft === undefined) return just(state)
	const {plan, diff, draftYaml, ...rest} = state
	return replanned(rest, nextTarget(state.draft, state.profiles))
}

/** On a risk: accepts it, or takes that back. Elsewhere: goes to the next risk. */
export function accept(state: State, extent: Extent): Next {
	const {draft, plan} = state
	if (draft === undefined || plan === undefined) return just(state)
	const items = planItems(plan, draft)
	const {plan: scroll} = state.scrolls
	const item = underCursor(items, scroll)
	if (item?.kind === "reason" && item.reason.severity === "accept") {
		const {code} = item.reason
		const codes = draft.accept.includes(code)
			? draft.accept.filter((one) => one !== code)
			: [...draft.accept, code]
		return replanned(state, withAccepted(draft, codes))
	}
	const isRisk = (index: number) => {
		const one = items[index]
		return one?.kind === "reason" && one.reason.severity === "accept"
	}
	const indexes = items.map((_, index) => index).filter(isRisk)
	const next = indexes.find((index) => index > scroll.cursor) ?? indexes[0]
	if (next === undefined) return refused(state, "There is no risk to accept.")
	const moved = windowed({...scroll, cursor: next}, extent)
	return just({...state, scrolls: {...state.scrolls, plan: moved}})
}

export function leaveOut(state: State): Next {
	const {draft, plan} = state
	if (draft === undefined || plan === undefined) return just(state)
	const blocked = new Set(
		plan.namespaces.filter(({verdict}) => verdict === "Blocked").map(({namespace}) => namespace),
	)
	const namespaces = draft.namespaces.filter((name) => !blocked.has(name))
	if (blocked.size === 0) return refused(state, "Nothing is blocked.")
	if (namespaces.length === 0) return refused(state, "Every namespace of this plan is blocked.")
	const {profile} = draft
	const narrowed =
		profile === undefined
			? {...draft, namespaces}
			: {...draft, namespaces, profile: {...profile, spec: {...profile.spec, ...selecting(namespaces)}}}
	return replanned(state, narrowed)
}

const selecting = (names: readonly string[]) => ({
	namespaceSelector: {
		matchExpressions: [{key: "kubernetes.io/metadata.name", operator: "In" as const, values: names}],
	},
})

export function showDiff(state: State): Next {
	return state.diff === undefined ? refused(state, "The plan is being made.") : just(opened(state, "diff"))
}

export function save(state: State): Next {
	const {draft, deeds, screen} = state
	if (fileToSave(state) === undefined)
		return refused(
			state,
			screen === "summary"
				? "Nothing here has to be saved."
				: "The cluster's own profiles decide; there is no new one to save.",
		)
	const value =
		screen === "summary"
			? (deeds.findLast(({file}) => file !== undefined)?.file?.path ?? "")
			: profileFile(draft?.profile?.metadata.name ?? "profile")
	return just({...state, prompt: {kind: "text", about: "save", label: "save as", value}})
}

/** Asks, when nothing stands in the way. */
export function start(state: State): Next {
	const {plan, draft} = state
	if (plan === undefined || draft === undefined) return refused(state, "The plan is being made.")
	if (state.link.state !== "up") return refused(state, notUp(state))
	const count = (verdict: string) => plan.namespaces.filter((one) => one.verdict === verdict).length
	if (count("Blocked") > 0)
		return refused(
			state,
			"A blocked namespace is never started.",
			"x leaves it out, t chooses another target",
		)
	if (count("NeedsAcceptance") > 0)
		return refused(state, "A risk waits for a decision.", "a goes to it, and accepts it")
	const ready = plan.namespaces.filter(({verdict}) => verdict === "Ready")
	if (ready.length === 0) return refused(state, "Everything is where it is to be; there is nothing to start.")
	const [first] = ready
	const what = ready.length === 1 ? (first?.namespace ?? "") : `${ready.length} namespaces`
	const label = `Move ${what} in ${state.cluster?.context ?? "this cluster"}?`
	return just({...state, prompt: {kind: "confirm", about: {type: "start"}, label}})
}
