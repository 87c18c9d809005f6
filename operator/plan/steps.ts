import type {DefaultedProfileSpec} from "../api/defaults.ts"
import {durationMs} from "../api/defaults.ts"
import type {ProbeGates} from "./probes/probes-in.ts"
import type {Step} from "./types.ts"
import type {Placed} from "./workloads/waves.ts"

export type StepsInput = {
	readonly placed: readonly Placed[]
	readonly spec: DefaultedProfileSpec
	/** What comes before the first pod moves, in order. */
	readonly before: readonly Step[]
	/** What comes after the last one, in order. */
	readonly after: readonly Step[]
	/** What a wave is judged by beside its pods. */
	readonly probed: ProbeGates["after"]
}

/**
 * The steps in order. Their ids name what they do and never count, so that a plan made in the middle of a migration
 * names the rest in the same way.
 */
export function stepsOf({placed, spec, before, after, probed}: StepsInput): readonly Step[] {
	return [...before, ...waves(placed, spec, probed), ...templates(placed), ...after]
}

function waves(
	placed: readonly Placed[],
	{migration}: DefaultedProfileSpec,
	probed: ProbeGates["after"],
): readonly Step[] {
	const rolls = placed.filter(({decision}) => decision.action === "Roll")
	const numbers = [...new Set(rolls.map(({wave}) => wave ?? 1))].sort((a, b) => a - b)
	return numbers.flatMap((wave) => {
		const members = rolls.filter((one) => one.wave === wave)
		const slug = slugOf(members[0])
		const count = members.length === 1 ? "its pods are" : `the pods of these ${members.length} workloads are`
		const gate: Step = {
			id: `gate-${slug}`,
			action: "Gate",
			wave,
			note: `${count} proven on the target and ready`,
		}
		const soak: Step = {id: `soak-${slug}`, action: "Soak", wave, note: `watch for ${migration.waves.soak}`}
		const probes = probed?.(slug, wave, wave === numbers.at(-1)) ?? []
		return [
			...members.map(rollStep),
			gate,
			...probes,
			...(durationMs(migration.waves.soak) === 0 ? [] : [soak]),
		]
	})
}

const rollStep = (placed: Placed): Step =>
	written(placed, "Roll", "make new pods, the old ones go as the new ones are ready")

const templates = (placed: readonly Placed[]): readonly Step[] =>
	placed
		.filter(({decision}) => decision.action === "Template")
		.map((one) => written(one, "Template", `patch the template only: ${one.decision.reason}`))

function written(placed: Placed, action: "Roll" | "Template", note: string): Step {
	const {workload, keys} = placed.decision
	return {
		id: `${action.toLowerCase()}-${slugOf(placed)}`,
		action,
		object: workload.ref,
		...(placed.wave === undefined ? {} : {wave: placed.wave}),
		note,
		keys,
	}
}

const slugOf = (placed: Placed | undefined): string =>
	placed === undefined
		? ""
		: `${placed.decision.workload.kind.toLowerCase()}-${placed.decision.workload.name}`
