import type {Verdict} from "../../../operator/plan/types.ts"
import {matcherOf} from "./filter.ts"

/** What the table knows of one namespace; everything else is looked up when somebody asks for it. */
export type Row = {
	readonly namespace: string
	readonly pods: number
	readonly now: string
	/** Where it would go; empty when nothing fits or nothing is to be moved there. */
	readonly to: string
	readonly verdict: Verdict
	/** The profile that decides; without one, `to` is what the planner would choose. */
	readonly profile?: string
	/** The control plane, or the part of Kubernetes, that it belongs to. */
	readonly system?: string
	readonly why: string
	/** Requested resources that the cluster would have back; negative when it costs more. */
	readonly saves: {readonly cpuMillis: number; readonly memoryMiB: number}
	readonly blocks: number
	readonly risks: number
	/** What stands in the way first, with what to do about it. */
	readonly first?: {readonly message: string; readonly fix?: string}
	/** The migration under way. */
	readonly moving?: string
}

export const sortKeys = ["attention", "name", "saves", "pods"] as const
export type SortKey = (typeof sortKeys)[number]

export type Table = {
	readonly rows: ReadonlyMap<string, Row>
	/** Rows that pass the filter, sorted: what is shown. */
	readonly view: readonly Row[]
	/** A row that is shown moves right now. */
	readonly moving: boolean
	readonly filter: string
	readonly sort: SortKey
	readonly reversed: boolean
	readonly system: boolean
	readonly selected: ReadonlySet<string>
	/** Namespaces that have yet to be looked at. */
	readonly pending: number
}

export const emptyTable: Table = {
	rows: new Map(),
	view: [],
	moving: false,
	filter: "",
	sort: "attention",
	reversed: false,
	system: false,
	selected: new Set(),
	pending: 0,
}

type Order = (a: Row, b: Row) => number

const byName: Order = (a, b) => (a.namespace < b.namespace ? -1 : a.namespace > b.namespace ? 1 : 0)
/** What moves, what could move, what stays, what is blocked, what is never moved; without pods nothing is urgent. */
function rank({moving, verdict, to, now, system, pods}: Row): number {
	if (system !== undefined) return 9
	if (moving !== undefined) return 0
	if (verdict === "Blocked") return 4
	return pods > 0 && to !== "" && to !== now && verdict !== "UpToDate" ? 1 : 3
}
/** A core weighs as much as four GiB, about what clouds charge. */
const worth = ({saves}: Row) => saves.cpuMillis + saves.memoryMiB / 4.096
const orders: Readonly<Record<SortKey, Order>> = {
	attention: (a, b) => rank(a) - rank(b) || worth(b) - worth(a) || byName(a, b),
	name: byName,
	saves: (a, b) => worth(b) - worth(a) || byName(a, b),
	pods: (a, b) => b.pods - a.pods || byName(a, b),
}

/** The same table with its view made anew: after every change of rows, filter or order. */
export function arranged(table: Table): Table {
	const matches = matcherOf(table.filter)
	const shown = [...table.rows.values()].filter(
		(row) => (table.system || row.system === undefined) && matches(row),
	)
	shown.sort(orders[table.sort])
	if (table.reversed) shown.reverse()
	return {...table, view: shown, moving: shown.some(({moving}) => moving !== undefined)}
}

export type RowChange = {
	readonly rows: readonly Row[]
	readonly gone?: readonly string[]
	readonly pending: number
}

export function withRows(table: Table, {rows, gone = [], pending}: RowChange): Table {
	const all = new Map(table.rows)
	for (const row of rows) all.set(row.namespace, row)
	for (const name of gone) all.delete(name)
	const left = gone.some((name) => table.selected.has(name))
	const selected = left ? new Set([...table.selected].filter((name) => all.has(name))) : table.selected
	return arranged({...table, rows: all, selected, pending})
}

export function toggled(table: Table, namespace: string): Table {
	const selected = new Set(table.selected)
	if (!selected.delete(namespace)) selected.add(namespace)
	return {...table, selected}
}

/** All that is shown, or none when all of it is selected already. */
export function toggledAll(table: Table): Table {
	const names = table.view.filter(({system}) => system === undefined).map(({namespace}) => namespace)
	const all = names.every((name) => table.selected.has(name))
	const selected = new Set(table.selected)
	for (const name of names) {
		if (all) selected.delete(name)
		else selected.add(name)
	}
	return {...table, selected}
}

export function nextSort(table: Table): Table {
	const next = sortKeys[(sortKeys.indexOf(table.sort) + 1) % sortKeys.length] ?? "name"
	return arranged({...table, sort: next, reversed: false})
}
