import type {Reason} from "../../../profiles/reason.ts"
import {durationMs} from "../../api/defaults.ts"
import type {Fit} from "../fit.ts"
import {because} from "../reasons.ts"
import type {Scene} from "../scene.ts"
import type {Step} from "../types.ts"
import type {Placed} from "../workloads/waves.ts"

/** How long a step may make no progress before it counts as failed. Each pod that becomes ready is progress. */
export const patienceMs = 600_000

/** What ends the time in which plaintext is admitted where strict mTLS was asked for. */
const strict = "mtls-strict"

type Moving = {readonly placed: readonly Placed[]; readonly steps: readonly Step[]}

/** The time in which plaintext crosses or is admitted, from where to where, and when it is over at the latest. */
export function permissiveWindow({spec}: Scene, {reasons}: Fit, {placed, steps}: Moving): readonly Reason[] {
	const last = lastWave(placed)
	const plain = reasons.some(({code}) => code === "PlaintextHop")
	const tightened = steps.find(({id}) => id === strict)
	if (last === 0 || (!plain && tightened === undefined)) return []
	const what = plain
		? "Between workloads that have moved and others plaintext crosses"
		: "Plaintext is admitted"
	const end =
		tightened === undefined ? "until the last wave has moved" : `until ${tightened.object} refuses it`
	const then = spec.migration.onFailure === "Hold" ? "holds for a person" : "goes back"
	const message = `${what} ${end}: at most ${minutes(longest(placed, last, durationMs(spec.migration.waves.soak) ?? 0))} after the first wave began, unless a person or missing metrics hold it; what fails before ${then}`
	return [because("PermissiveWindow", {message})]
}

const lastWave = (placed: readonly Placed[]): number =>
	Math.max(0, ...placed.map(({decision, wave = 0}) => (decision.action === "Roll" ? wave : 0)))

/** Each wave: its largest workload pod by pod, its gate and its soak, every time as late as a step may be. */
function longest(placed: readonly Placed[], last: number, soakMs: number): number {
	const waves = Array.from({length: last}, (_, index) => {
		const pods = placed
			.filter(({decision, wave}) => decision.action === "Roll" && wave === index + 1)
			.map(({decision}) => decision.workload.replicas)
		return (Math.max(0, ...pods) + 2) * patienceMs + soakMs + patienceMs
	})
	return waves.reduce((sum, ms) => sum + ms, 0)
}

function minutes(ms: number): string {
	const all = Math.ceil(ms / 60_000)
	const hours = Math.floor(all / 60)
	return hours === 0 ? `${all} min` : `${hours} h ${all % 60} min`
}
