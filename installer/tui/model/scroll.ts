import type {Extent, Scroll} from "./state.ts"

export const atTop: Scroll = {top: 0, cursor: 0}

export type Move = "up" | "down" | "page-up" | "page-down" | "first" | "last"

const moves: ReadonlySet<string> = new Set(["up", "down", "page-up", "page-down", "first", "last"])
export const isMove = (action: string | undefined): action is Move => moves.has(action ?? "")

const distances: Readonly<Record<Move, (extent: Extent) => number>> = {
	up: () => -1,
	down: () => 1,
	"page-up": ({room}) => -Math.max(1, room - 1),
	"page-down": ({room}) => Math.max(1, room - 1),
	first: ({length}) => -length,
	last: ({length}) => length,
}

const clamp = (value: number, most: number) => Math.max(0, Math.min(value, most))

/** Moves a cursor, and the window no further than it takes to keep the cursor in it: few lines change. */
export function moveCursor({top, cursor}: Scroll, move: Move, extent: Extent): Scroll {
	const {length, room} = extent
	const next = clamp(cursor + distances[move](extent), length - 1)
	return windowed({top, cursor: next}, {length, room})
}

/** What the cursor is drawn on, also where the list has become shorter since the cursor was moved. */
export const underCursor = <T>(items: readonly T[], {cursor}: Scroll): T | undefined =>
	items[clamp(cursor, items.length - 1)]

/** Moves the window of a text that has no cursor. */
export function moveText({top}: Scroll, move: Move, extent: Extent): Scroll {
	const next = clamp(top + distances[move](extent), Math.max(0, extent.length - extent.room))
	return {top: next, cursor: next}
}

/** The window that shows the cursor, also after rows went or the terminal shrank. */
export function windowed({top, cursor}: Scroll, {length, room}: Extent): Scroll {
	const at = clamp(cursor, length - 1)
	const low = Math.max(0, at - room + 1)
	return {cursor: at, top: clamp(Math.min(Math.max(top, low), at), Math.max(0, length - room))}
}
