import type {Manifest} from "../infra/manifest.ts"
import {identityOf} from "../infra/manifest.ts"
import {phaseOf, phases} from "../infra/phases.ts"
import {componentNames} from "./component-names.ts"
import type {Declared} from "./evaluate.ts"

/** An object of a program, and when its turn comes. */
export type Placed = {
	readonly id: string
	readonly object: Manifest
	/** The name of the component that declared it. */
	readonly component: string
	/** Everything of a lower stage has to be ready first. */
	readonly stage: number
}

/**
 * The objects of a program in the order of their dependencies; within a stage always in the same one, so that the same
 * program makes the same file. An object that two components declare alike counts once.
 * @throws Error when they declare it differently
 */
export function ordered(declared: readonly Declared[]): Placed[] {
	const byUrn = new Map(declared.map((one) => [one.urn, one]))
	const stages = new Map<string, number>()
	const stageOf = (urn: string): number => {
		const known = stages.get(urn)
		if (known !== undefined) return known
		const before = byUrn.get(urn)?.dependencies ?? []
		const stage = before.reduce((most, other) => Math.max(most, stageOf(other) + 1), 0)
		stages.set(urn, stage)
		return stage
	}
	const placed = declared.flatMap(({urn, object, parent}) =>
		object === undefined
			? []
			: [
					{
						id: identityOf(object),
						object,
						stage: stageOf(urn),
						component: nameOf(parent),
					},
				],
	)
	const key = (one: (typeof placed)[number]) => [
		one.stage,
		placeOf(one.component),
		phases.indexOf(phaseOf(one.object)),
	]
	return distinct(placed.sort((a, b) => compare(key(a), key(b)) || (a.id < b.id ? -1 : 1)))
}

/** Profiles come after all components. */
function placeOf(component: string): number {
	const at = (componentNames as readonly string[]).indexOf(component)
	return at < 0 ? componentNames.length : at
}

const nameOf = (urn = "") => urn.split("::").at(-1) ?? ""

function compare(a: readonly number[], b: readonly number[]): number {
	const at = a.findIndex((value, i) => value !== b[i])
	return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0)
}

function distinct<T extends {readonly id: string; readonly object: Manifest; readonly component: string}>(
	placed: readonly T[],
): T[] {
	const first = new Map<string, T>()
	for (const one of placed) {
		const other = first.get(one.id)
		if (other === undefined) first.set(one.id, one)
		else if (JSON.stringify(other.object) !== JSON.stringify(one.object))
			throw new Error(`${other.component} and ${one.component} declare ${one.id} differently`)
	}
	return [...first.values()]
}
