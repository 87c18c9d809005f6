import {costsOf} from "../../profiles/capability.ts"
import type {Census} from "../../profiles/census.ts"
import type {CostItem, Dataplane, Resources} from "../../profiles/dataplane.ts"
import {minus, plus, times, zero} from "./figures.ts"
import type {Requests} from "./quantity.ts"
import type {Cost} from "./types.ts"

/** A pod as far as cost goes: where it runs, where it is and where it will be. */
export type Placement = {readonly node: string; readonly from: string; readonly to: string}

export type CostInput = {
	readonly placements: readonly Placement[]
	readonly dataplanes: readonly Dataplane[]
	/** Versions of what is installed, by dataplane. */
	readonly versions: ReadonlyMap<string, string | undefined>
	/** Taken lazily: only a dataplane with node agents needs it. */
	readonly census: () => Census
	readonly waypoints: {readonly from: number; readonly to: number}
}

type Side = "from" | "to"
type Kind = "requests" | "usage"

/**
 * What a namespace causes before and after. Node agents are shared among the enrolled pods of each node that the
 * namespace uses; `marginal` leaves them out, for they run on every node already.
 */
export function costOf(input: CostInput): Cost {
	const [from, to] = [partsOf(input, "from"), partsOf(input, "to")]
	const table = (kind: Kind) => {
		const [before, after] = [sumOf(from, kind), sumOf(to, kind)]
		return {
			cpuMillis: {from: before.cpuMillis, to: after.cpuMillis},
			memoryMiB: {from: before.memoryMiB, to: after.memoryMiB},
		}
	}
	const own = (parts: readonly Part[]) => parts.filter(({item}) => item.per !== "node")
	return {
		requests: table("requests"),
		usage: table("usage"),
		marginal: minus(sumOf(own(to), "requests"), sumOf(own(from), "requests")),
	}
}

/** What a namespace causes of one item. */
type Part = {readonly item: CostItem; readonly count: number}

const sumOf = (parts: readonly Part[], kind: Kind): Resources =>
	parts.reduce((sum, {item, count}) => plus(sum, times(item[kind], count)), zero)

const itemsByVersion = new WeakMap<Dataplane, Map<string | undefined, readonly CostItem[]>>()

/** Which rows hold for a version is asked for every namespace, and ranges are slow to read. */
function itemsOf(dataplane: Dataplane, version: string | undefined): readonly CostItem[] {
	const known = itemsByVersion.get(dataplane) ?? new Map<string | undefined, readonly CostItem[]>()
	itemsByVersion.set(dataplane, known)
	const items = known.get(version) ?? costsOf(dataplane, version)
	known.set(version, items)
	return items
}

/** Counted once per side: requests, usage and the marginal cost are sums over the same counts. */
function partsOf(input: CostInput, side: Side): readonly Part[] {
	const names = [...new Set(input.placements.map((one) => one[side]))].sort()
	return names.flatMap((name) => {
		const dataplane = input.dataplanes.find((one) => one.name === name)
		if (dataplane === undefined) return []
		const ours = perNode(input.placements, side, name)
		return itemsOf(dataplane, input.versions.get(name)).map((item) => ({
			item,
			count: countOf(input, {item, name, side, ours}),
		}))
	})
}

type Counting = {
	readonly item: CostItem
	readonly name: string
	readonly side: Side
	readonly ours: ReadonlyMap<string, number>
}

function countOf(input: CostInput, {item, name, side, ours}: Counting): number {
	if (item.per === "waypoint") return input.waypoints[side]
	let total = 0
	if (item.per === "pod") {
		for (const count of ours.values()) total += count
		return total
	}
	const before = side === "from" ? ours : perNode(input.placements, "from", name)
	const running = input.census().nodes.get(name)
	for (const [node, count] of ours) {
		const others = Math.max(0, (running?.get(node) ?? 0) - (before.get(node) ?? 0))
		total += count / (count + others)
	}
	return total
}

function perNode(placements: readonly Placement[], side: Side, name: string): ReadonlyMap<string, number> {
	const counts = new Map<string, number>()
	for (const one of placements) {
		if (one[side] === name) counts.set(one.node, (counts.get(one.node) ?? 0) + 1)
	}
	return counts
}

/** The likely requests that a dataplane adds to each pod. */
export function perPodRequests(dataplane: Dataplane, version: string | undefined): Requests {
	const items = itemsOf(dataplane, version).filter(({per}) => per === "pod")
	const sum = items.reduce((total, item) => plus(total, item.requests), zero)
	return {cpuMillis: sum.cpuMillis.likely, memoryMiB: sum.memoryMiB.likely}
}

/** How much of the requests a move saves, 0 to 1, of the resource that it saves more of. Negative when it saves none. */
export function saving({requests}: Cost): number {
	const part = ({from, to}: {from: {likely: number}; to: {likely: number}}) =>
		from.likely === 0 ? (to.likely > 0 ? -1 : 0) : (from.likely - to.likely) / from.likely
	return Math.max(part(requests.cpuMillis), part(requests.memoryMiB))
}
