import type {StepEvent} from "../sandbox/events.ts"
import type {Page} from "./layout.ts"
import type {Mark} from "./verdict.ts"
import {clean, widthOf} from "./width.ts"

const marks: Readonly<Record<StepEvent["state"], Mark>> = {
	started: {sign: "·", word: "started", tone: "dim"},
	progress: {sign: "·", word: "under way", tone: "dim"},
	done: {sign: "✓", word: "done", tone: "ok"},
	failed: {sign: "✕", word: "failed", tone: "bad"},
	skipped: {sign: "-", word: "skipped", tone: "dim"},
}

/** Shorter waits need no clock. */
const clockAfterMs = 2000

/** One line about a step; never wider than the page, since a line that wraps cannot be rewritten. */
export function stepLine(event: StepEvent, page: Page, spinner?: string): string {
	const {sign, tone} = marks[event.state]
	const facts = [
		timing(event),
		event.fraction === undefined || event.state !== "progress" ? "" : `${Math.floor(event.fraction * 100)} %`,
		clean(event.note ?? ""),
	].filter((part) => part !== "")
	const rest = facts.length === 0 ? "" : `  ${facts.join(" · ")}`
	const head = `${clean(event.title)}`
	const room = page.columns - 4 - widthOf(head)
	const fitting =
		spinner === undefined || widthOf(rest) <= room
			? rest
			: `${[...rest].slice(0, Math.max(0, room - 1)).join("")}…`
	return `${page.style(spinner === undefined ? tone : "accent", spinner ?? sign)} ${head}${page.style("dim", fitting)}`
}

function timing({elapsedMs = 0, estimateMs, state}: StepEvent): string {
	if (elapsedMs < clockAfterMs) return ""
	const estimate = estimateMs === undefined || state !== "progress" ? "" : ` of about ${duration(estimateMs)}`
	return `${duration(elapsedMs)}${estimate}`
}

/** `4s`, `3m 05s`, `1h 02m`. */
export function duration(ms: number): string {
	const seconds = Math.round(ms / 1000)
	const two = (value: number) => String(value).padStart(2, "0")
	if (seconds < 60) return `${seconds}s`
	if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${two(seconds % 60)}s`
	return `${Math.floor(seconds / 3600)}h ${two(Math.floor((seconds % 3600) / 60))}m`
}
