import {type Item, inventory, isInstallable, isThere} from "../model/inventory.ts"
import type {State} from "../model/state.ts"
import {type Canvas, type View, windowOf} from "./body.ts"
import {type Column, layColumns, rowPieces, titlePieces} from "./columns.ts"
import {filled, type Piece, paint, wrapped} from "./paint.ts"

const peekLines = 3

export const dataplanesView: View = (state, canvas) => {
	const items = inventory(state)
	const peek = canvas.room >= 9 ? peekLines : 0
	const room = Math.max(1, canvas.room - 1 - peek)
	const {shown, top, cursor} = windowOf(items, state.scrolls.dataplanes, room)
	const laid = layColumns(columns, canvas.columns - 6)
	const rows = shown.map((item, index) =>
		paint(
			[top + index === cursor ? {text: " ▸ ", tone: "accent"} : "   ", mark(item), ...rowPieces(laid, item)],
			canvas,
		),
	)
	const current = items[cursor]
	return {
		lines: [
			paint(["     ", ...titlePieces(laid)], canvas),
			...filled(rows, room),
			...filled(current === undefined || peek === 0 ? [] : about(current, state, canvas), peek),
		],
		extent: {length: items.length, room},
		status: statusOf(items),
	}
}

function statusOf(items: readonly Item[]): string {
	const newer = items.filter(({component}) => component?.newer !== undefined).length
	return [
		`${items.filter((item) => isThere(item) === true).length} installed`,
		...(newer === 0 ? [] : [`${newer} with an upgrade`]),
		`${items.filter(isInstallable).length} that Heddle installs`,
	].join(" · ")
}

/** No control plane carries it: there is nothing that could be installed, healthy or old. */
const isNone = ({plane}: Item) => plane?.family === "None"
const isIll = ({plane}: Item) => plane?.revision !== undefined && plane.healthy !== true

function mark(item: Item): Piece {
	if (isNone(item)) return {text: "· ", tone: "dim"}
	if (isIll(item)) return {text: "‼ ", tone: "warn"}
	return isThere(item) === true ? {text: "✓ ", tone: "ok"} : {text: "○ ", tone: "dim"}
}

function stateOf(item: Item) {
	if (isNone(item)) return {text: "no mesh", tone: "dim"} as const
	if (isIll(item)) return {text: "not healthy", tone: "warn"} as const
	if (isThere(item) !== true)
		return {text: item.plane === undefined ? "not recorded" : "not installed", tone: "dim"} as const
	return item.plane?.revision === undefined
		? ({text: "installed", tone: "ok"} as const)
		: ({text: "healthy", tone: "ok"} as const)
}

function versionOf(item: Item): string {
	const {plane, component} = item
	return plane?.version ?? component?.version ?? (plane?.revision === undefined ? "–" : "unknown")
}

function ownerOf(item: Item): string {
	if (item.component?.recorded === true) return "Heddle"
	return isThere(item) === true && !isNone(item) ? "another tool" : "–"
}

const columns: readonly Column<Item>[] = [
	{title: "DATAPLANE", least: 16, most: 20, drop: 0, cell: ({name}) => ({text: name, tone: "strong"})},
	{title: "FAMILY", least: 11, most: 11, drop: 5, cell: ({plane}) => ({text: plane?.family ?? "beside"})},
	{title: "STATE", least: 13, most: 14, drop: 0, cell: stateOf},
	{title: "VERSION", least: 9, most: 14, drop: 1, cell: (item) => ({text: versionOf(item)})},
	{
		title: "UPGRADE",
		least: 9,
		most: 12,
		drop: 2,
		cell: ({component}) =>
			component?.newer === undefined
				? {text: "–", tone: "dim"}
				: {text: `→ ${component.newer}`, tone: "accent"},
	},
	{title: "REVISION", least: 9, most: 18, drop: 6, cell: ({plane}) => ({text: plane?.revision ?? "–"})},
	{
		title: "PODS",
		least: 6,
		most: 6,
		align: "right",
		drop: 3,
		cell: ({plane}) => ({text: plane === undefined ? "–" : String(plane.pods)}),
	},
	{title: "INSTALLED BY", least: 12, most: 12, drop: 4, cell: (item) => ({text: ownerOf(item), tone: "dim"})},
	{
		title: "CONTROL PLANE",
		least: 14,
		most: 24,
		drop: 7,
		cell: ({plane}) => ({text: plane?.namespaces?.join(", ") || "–", tone: "dim"}),
	},
]

function about(item: Item, state: State, canvas: Canvas): readonly string[] {
	return [
		canvas.style("dim", `   ${"─".repeat(Math.max(0, canvas.columns - 6))}`),
		...wrapped(sentence(item, state), canvas, {indent: 3, most: 2}),
	]
}

function sentence(item: Item, {components}: State): string {
	const {name, plane, component} = item
	if (plane?.note !== undefined) return plane.note
	if (isNone(item)) return "Pods that no dataplane captures."
	if (component?.newer !== undefined)
		return `${name} ${component.version} can be brought to ${component.newer}: u shows what that changes.`
	if (component?.recorded === true) return `${name} was installed by Heddle, and nothing speaks against it.`
	if (isThere(item) === true)
		return isInstallable(item)
			? `${name} is there, and nothing speaks against it. i shows what taking it over would change.`
			: `${name} is there, and nothing speaks against it.`
	if (!isInstallable(item)) return `${name} is not in this cluster, and Heddle does not install it.`
	return components === undefined && plane === undefined
		? "Heddle's record was not read."
		: `${name} ${plane === undefined ? "is not in Heddle's record" : "is not in this cluster"}. i shows what installing it would change.`
}
