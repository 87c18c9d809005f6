import type {Page} from "../../report/layout.ts"
import {windowed} from "../model/scroll.ts"
import type {Extent, Scroll, State} from "../model/state.ts"

/** What a view is drawn on. */
export type Canvas = Page & {
	/** Lines between the head and the foot of the screen. */
	readonly room: number
	/** Counts while something works; undefined when nothing moves. */
	readonly frame: number
}

/** What a view draws: at most as many lines as there is room, and how far its cursor or its text can go. */
export type Body = {
	readonly lines: readonly string[]
	readonly extent: Extent
	/** Where one is, for the foot of the screen. */
	readonly status?: string
}

export type View = (state: State, canvas: Canvas) => Body

/** A text that is longer than the screen. */
export function scrolled(lines: readonly string[], {top}: Scroll, room: number): Body {
	const most = Math.max(0, lines.length - room)
	const from = Math.min(top, most)
	const more = lines.length - from - room
	return {
		lines: lines.slice(from, from + room),
		extent: {length: lines.length, room},
		...(more > 0 ? {status: `${more} more ${more === 1 ? "line" : "lines"} below`} : {}),
	}
}

/** The part of a list that is on the screen; only these rows are drawn. */
export function windowOf<T>(
	items: readonly T[],
	scroll: Scroll,
	room: number,
): {readonly shown: readonly T[]; readonly top: number; readonly cursor: number} {
	const {top, cursor} = windowed(scroll, {length: items.length, room})
	return {shown: items.slice(top, top + room), top, cursor}
}

const spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"]
export const spin = (frame: number): string => spinner[frame % spinner.length] ?? "⠋"
