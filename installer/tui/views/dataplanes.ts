import type {Plane} from "../model/state.ts"
import {type Canvas, type View, windowOf} from "./body.ts"
import {type Column, layColumns, rowPieces, titlePieces} from "./columns.ts"
import {filled, paint, wrapped} from "./paint.ts"

const peekLines = 3

export const dataplanesView: View = (state, canvas) => {
	const {planes} = state
	const peek = canvas.room >= 9 ? peekLines : 0
	const room = Math.max(1, canvas.room - 1 - peek)
	const {shown, top, cursor} = windowOf(planes, state.scrolls.dataplanes, room)
	const laid = layColumns(columns, canvas.columns - 6)
	const rows = shown.map((plane, index) =>
		paint(
			[
				top + index === cursor ? {text: " ▸ ", tone: "accent"} : "   ",
				mark(plane),
				...rowPieces(laid, plane),
			],
			canvas,
		),
	)
	const current = planes[cursor]
	return {
		lines: [
			paint(["     ", ...titlePieces(laid)], canvas),
			...filled(rows, room),
			...filled(current === undefined || peek === 0 ? [] : about(current, canvas), peek),
		],
		extent: {length: planes.length, room},
		status: `${planes.filter(({revision}) => revision !== undefined).length} installed · ${planes.filter((one) => !isNone(one)).length} known`,
	}
}

/** No control plane carries it: there is nothing that could be installed, healthy or old. */
const isNone = ({family}: Plane) => family === "None"

function mark(plane: Plane) {
	const {revision, healthy} = plane
	if (isNone(plane)) return {text: "· ", tone: "dim"} as const
	if (revision === undefined) return {text: "○ ", tone: "dim"} as const
	return healthy === true ? ({text: "✓ ", tone: "ok"} as const) : ({text: "‼ ", tone: "warn"} as const)
}

const columns: readonly Column<Plane>[] = [
	{title: "DATAPLANE", least: 14, most: 20, drop: 0, cell: ({name}) => ({text: name, tone: "strong"})},
	{title: "FAMILY", least: 11, most: 11, drop: 2, cell: ({family}) => ({text: family})},
	{
		title: "STATE",
		least: 13,
		most: 14,
		drop: 0,
		cell: (plane) =>
			isNone(plane)
				? {text: "no mesh", tone: "dim"}
				: plane.revision === undefined
					? {text: "not installed", tone: "dim"}
					: plane.healthy === true
						? {text: "healthy", tone: "ok"}
						: {text: "not healthy", tone: "warn"},
	},
	{
		title: "VERSION",
		least: 9,
		most: 14,
		drop: 1,
		cell: ({version, revision}) => ({text: version ?? (revision === undefined ? "–" : "unknown")}),
	},
	{title: "REVISION", least: 9, most: 18, drop: 3, cell: ({revision}) => ({text: revision ?? "–"})},
	{title: "PODS", least: 6, most: 6, align: "right", drop: 1, cell: ({pods}) => ({text: String(pods)})},
	{
		title: "CONTROL PLANE",
		least: 14,
		most: 24,
		drop: 4,
		cell: ({namespaces = []}) => ({text: namespaces.join(", ") || "–", tone: "dim"}),
	},
]

function about({name, note, revision, family}: Plane, canvas: Canvas): readonly string[] {
	const text =
		note ??
		(family === "None" ? "Pods that no dataplane captures." : undefined) ??
		(revision === undefined
			? `${name} is not in this cluster.`
			: `${name} is there, and nothing speaks against it.`)
	return [
		canvas.style("dim", `   ${"─".repeat(Math.max(0, canvas.columns - 6))}`),
		...wrapped(text, canvas, {indent: 3, most: 2}),
	]
}
