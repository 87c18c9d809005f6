import {plural} from "../../../profiles/names.ts"
import type {Reason} from "../../../profiles/reason.ts"
import {MeshBinding} from "../../api/kinds.ts"
import {bindingName} from "../../api/names.ts"
import {because} from "../reasons.ts"
import type {Scene} from "../scene.ts"
import type {Decision} from "../workloads/decide.ts"
import {type Direction, directionOf} from "./directions.ts"
import {type CallGraph, callGraph} from "./graph.ts"
import {type Layers, layersOf} from "./layers.ts"

/** In which order workloads move, and what a person has to know of it. */
export type Order = {
	/** By reference, from 0; workloads of one rank may move together. */
	readonly rank: ReadonlyMap<string, number>
	readonly reasons: readonly Reason[]
}

type OrderInput = {
	readonly scene: Scene
	readonly decisions: readonly Decision[]
	/** The name of the dataplane that it goes to. */
	readonly to: string
	/** Rules about requests are checked in a waypoint, before or after: who has not moved may skip it. */
	readonly byWaypoint: boolean
	/** Policies of workloads that have not moved name callers by an identity that those lose when they move. */
	readonly losesIdentity: boolean
}

/** The order of the workloads that are rolled, by who calls whom. */
export function orderOf(input: OrderInput): Order {
	const {scene, decisions, to} = input
	const rolls = decisions.filter(({action}) => action === "Roll")
	if (rolls.length === 0) return {rank: new Map(), reasons: []}
	const graph = callGraph(scene.snapshot, scene.name, scene.workloads)
	const into = new Map([...graph].map(([ref, {inside}]) => [ref, inside.keys()]))
	const layers = layersOf(
		scene.workloads.map(({ref}) => ref),
		into,
	)
	const moving = new Set(rolls.map(({workload}) => workload.ref))
	const direction = directionFor(rolls, to)
	const known = {...input, graph, layers, moving, direction}
	return {
		rank: direction === undefined ? new Map() : ranks(layers, direction),
		reasons: [...followed(known), ...cycles(known), ...unknown(known), ...outside(known)],
	}
}

/** Of workloads that come from several places, only a direction that is right for all of them counts. */
function directionFor(rolls: readonly Decision[], to: string): Direction | undefined {
	const origins = [...new Set(rolls.map(({from}) => from))].filter((from) => from !== to)
	const found = origins.map((from) => directionOf(from, to))
	const [first] = found
	return found.every((one) => one !== undefined && one.first === first?.first) ? first : undefined
}

/** Levels count from callers to those that are called. */
function ranks({level}: Layers, {first}: Direction): ReadonlyMap<string, number> {
	if (first === "clients") return level
	const deepest = Math.max(0, ...level.values())
	return new Map([...level].map(([ref, at]) => [ref, deepest - at]))
}

type Known = OrderInput & {
	readonly graph: CallGraph
	readonly layers: Layers
	readonly moving: ReadonlySet<string>
	readonly direction: Direction | undefined
}

/** Of a long list a person reads the beginning. */
const most = 6

const listedUpTo = (items: readonly string[]): string =>
	items.length <= most
		? items.join(", ")
		: `${items.slice(0, most).join(", ")} and ${items.length - most} more`

const short = (ref: string): string => ref.split("/").at(-1) ?? ref

function followed({graph, layers: {level}, moving, direction}: Known): readonly Reason[] {
	if (direction === undefined) return []
	const calls = [...graph].flatMap(([to, {inside}]) =>
		[...inside]
			.filter(([from]) => moving.has(from) && moving.has(to) && level.get(from) !== level.get(to))
			.map(([from, by]) => `${short(from)} calls ${short(to)} (${by})`),
	)
	if (calls.length === 0) return []
	const message = `${direction.first === "clients" ? "Clients" : "Servers"} move first, since ${direction.why}: ${listedUpTo(calls)}`
	return [because("CallOrderFollowed", {message})]
}

/** Only where it decides whether rules are passed by, a cycle is a risk: the first of it moves before its callers. */
function cycles({layers, moving, direction, byWaypoint, losesIdentity}: Known): readonly Reason[] {
	if (direction === undefined) return []
	return layers.cycles.flatMap((cycle) => {
		const refs = cycle.filter((ref) => moving.has(ref))
		if (refs.length === 0) return []
		const names = refs.map(short)
		const what = names.length === 1 ? `${names[0]} calls itself` : `${listedUpTo(names)} call each other`
		const object = refs[0] ?? ""
		return direction.first === "clients" && byWaypoint
			? [
					because("CallCycle", {
						object,
						message: `${what}: whichever moves first has callers that skip the waypoint`,
					}),
				]
			: losesIdentity
				? [
						because("CallersLoseIdentity", {
							object,
							message: `${what}: whichever moves first is nobody to the others`,
						}),
					]
				: [because("CallCycleTolerated", {object, message: `${what}: no order puts one side first`})]
	})
}

function unknown({graph, moving, direction, byWaypoint}: Known): readonly Reason[] {
	if (!byWaypoint || moving.size < 2) return []
	const refs = [...moving].filter((ref) => graph.get(ref)?.known !== true)
	if (refs.length === 0 && direction !== undefined) return []
	if (direction === undefined) {
		const message = "No order between these dataplanes is known: workloads move in the order of their names"
		return [because("CallOrderUnknown", {message})]
	}
	if (refs.length === moving.size) {
		const message = "Who calls whom is unknown: workloads move in the order of their names"
		return [because("CallOrderUnknown", {message})]
	}
	const message = `Nothing tells every caller of ${listedUpTo(refs.map(short))}`
	return [because("CallOrderUnknown", {message})]
}

/** Callers elsewhere move by themselves; a namespace that is on the target already has moved. */
function outside({scene: {snapshot}, graph, moving, direction, to}: Known): readonly Reason[] {
	if (direction?.first !== "clients") return []
	const spaces = new Map<string, string[]>()
	for (const ref of moving)
		for (const space of graph.get(ref)?.outside.keys() ?? [])
			spaces.set(space, [...(spaces.get(space) ?? []), short(ref)])
	return [...spaces].flatMap(([space, callees]) => {
		if (snapshot.get(MeshBinding, bindingName, space)?.status?.dataplane === to) return []
		const message = `Workloads of ${space} may call ${listedUpTo(callees)}, ${plural(callees.length, "workload")} that would move before them`
		return [because("CallersInOtherNamespace", {object: `Namespace/${space}`, message})]
	})
}
