import type {NamespacePlan, Verdict} from "../../operator/plan/types.ts"
import type {Severity} from "../../profiles/reason.ts"
import type {Tone} from "./style.ts"

/** How a verdict is shown: by sign, by word and by colour, so that any one of them is enough. */
export type Mark = {readonly sign: string; readonly word: string; readonly tone: Tone}

const verdictMarks: Readonly<Record<Verdict, Mark>> = {
	UpToDate: {sign: "✓", word: "up to date", tone: "ok"},
	Ready: {sign: "→", word: "ready", tone: "accent"},
	NeedsAcceptance: {sign: "‼", word: "needs acceptance", tone: "warn"},
	Blocked: {sign: "✕", word: "blocked", tone: "bad"},
}

const unselected: Mark = {sign: "○", word: "not selected", tone: "dim"}

/** Where no profile decides, nothing was asked for and nothing is wrong. */
export function markOf({verdict, profile}: Pick<NamespacePlan, "verdict" | "profile">): Mark {
	return verdict === "UpToDate" && profile === undefined ? unselected : verdictMarks[verdict]
}

export const severityMarks: Readonly<Record<Severity, Mark>> = {
	block: {sign: "✕", word: "blocks", tone: "bad"},
	accept: {sign: "‼", word: "must be accepted", tone: "warn"},
	info: {sign: "·", word: "note", tone: "dim"},
}

/** `istio-sidecar 1-31-1`; the revision `default` goes without saying. */
export function placeName(place: {readonly dataplane: string; readonly revision?: string} | null): string {
	if (place === null) return "nothing fits"
	const {dataplane, revision} = place
	return revision === undefined || revision === "default" ? dataplane : `${dataplane} ${revision}`
}

/** Where a namespace goes, in a few words. */
export function destination(plan: NamespacePlan): string {
	if (plan.verdict === "UpToDate") return plan.profile === undefined ? "–" : "stays"
	return placeName(plan.to)
}
