import {expect, test} from "vitest"
import {binding} from "../testing/bindings.ts"
import {emptyBoard, withBindings} from "./board.ts"
import type {Board} from "./state.ts"

const measured = (at: string, requests: number, p99Millis: number) => ({
	measuredAt: `2026-11-22T${at}Z`,
	seconds: 60,
	sides: [
		{side: "server" as const, requests: requests - 1, failed: 0},
		{side: "client" as const, requests, failed: 1, p99Millis},
	],
})
const baseline = measured("11:56:30", 400, 41)

/** The board after each of these measurements was seen, the same one twice. */
const after = (looks: readonly ReturnType<typeof measured>[], before = baseline, first: Board = emptyBoard) =>
	looks
		.flatMap((latest) => [latest, latest])
		.reduce(
			(board, latest) =>
				withBindings(
					board,
					[binding("search", {traffic: {baseline: before, latest}})],
					Date.parse("2026-11-22"),
				),
			first,
		)

test("what gates measured is one sample a judgement, of the side that counted most, after the baseline", () => {
	const {traffic} = after([measured("11:58:00", 500, 38), measured("11:59:00", 600, 39)])
	expect(traffic.search).toEqual([
		{at: "2026-11-22T11:56:30Z", requests: 400, failed: 1, p99Millis: 41},
		{at: "2026-11-22T11:58:00Z", requests: 500, failed: 1, p99Millis: 38},
		{at: "2026-11-22T11:59:00Z", requests: 600, failed: 1, p99Millis: 39},
	])
})

test("the next migration begins with its own baseline", () => {
	const first = after([measured("11:58:00", 500, 38)])
	const {traffic} = after([measured("12:32:00", 700, 50)], measured("12:30:00", 650, 45), first)
	expect(traffic.search?.map(({requests}) => requests)).toEqual([650, 700])
})

test("a migration without gates on metrics has no samples", () => {
	expect(withBindings(emptyBoard, [binding("search", {})], 0).traffic).toEqual({})
})
