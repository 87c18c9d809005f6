import type {Mode} from "../../profiles/dataplane.ts"
import type {Reason} from "../../profiles/reason.ts"
import {saving} from "./cost.ts"
import {candidateOf, type Fit} from "./fit.ts"
import {because} from "./reasons.ts"
import type {Candidate, Cost} from "./types.ts"

export type Choice = {
	/** Absent when nothing fits. */
	readonly chosen?: Fit
	/** The one that was chosen, or that would have come first. */
	readonly best?: Fit
	/** In order of preference. */
	readonly candidates: readonly Candidate[]
	/** Why nothing was chosen; empty when something was. */
	readonly reasons: readonly Reason[]
}

export type ChoiceInput = {
	readonly mode: Mode
	readonly fits: readonly Fit[]
	/** Where the namespace is now. */
	readonly from: string
	/** What a move to a candidate would cost. Asked only where several could be taken. */
	readonly cost: (fit: Fit) => Cost
}

/** A move for its own sake has to save this part of the requested CPU or memory. */
const worthMoving = 0.2

/**
 * Fits without loss, then interop, then cost; all candidates are installed. Auto keeps a namespace where it is while
 * that fits, unless a move saves enough; the other modes keep it for as long as it fits.
 */
export function choose(input: ChoiceInput): Choice {
	const ranked = rank(input)
	const fitting = ranked.filter(({fits}) => fits)
	const chosen = keep(input, fitting) ?? fitting[0]
	const ordered = chosen === undefined ? ranked : [chosen, ...ranked.filter((one) => one !== chosen)]
	const candidates = ordered.map((one) => explained(one, {chosen, input}))
	if (chosen !== undefined) return {chosen, best: chosen, candidates, reasons: []}
	const [best] = ranked
	return {...(best === undefined ? {} : {best}), candidates, reasons: refusals(ranked)}
}

function keep({mode, from, cost}: ChoiceInput, fitting: readonly Fit[]): Fit | undefined {
	const current = fitting.find(({installed}) => installed.dataplane.name === from)
	if (current === undefined || mode !== "Auto") return current
	const better = fitting.filter((one) => one !== current && openRisks(one) === 0 && isWorthMoving(cost(one)))
	const [best] = better.sort((a, b) => saving(cost(b)) - saving(cost(a)))
	return best ?? current
}

/**
 * A move may save CPU and cost memory. Unless it requests less on the whole, the way back would be worth moving too,
 * and the namespace would go to and fro for ever.
 */
const isWorthMoving = (cost: Cost): boolean =>
	saving(cost) >= worthMoving && requested(cost, "to") < requested(cost, "from")

const openRisks = ({reasons}: Fit): number => reasons.filter(({severity}) => severity === "accept").length

function rank({fits, cost}: ChoiceInput): readonly Fit[] {
	if (fits.length < 2) return fits
	const keyed = fits.map((fit) => ({fit, risks: openRisks(fit), requested: requested(cost(fit), "to")}))
	return keyed
		.sort(
			(a, b) =>
				Number(b.fit.fits) - Number(a.fit.fits) ||
				a.risks - b.risks ||
				a.requested - b.requested ||
				(a.fit.installed.dataplane.name < b.fit.installed.dataplane.name ? -1 : 1),
		)
		.map(({fit}) => fit)
}

/** CPU and memory in one figure, at 4 GiB for a core as general purpose machines have them. */
const requested = ({requests}: Cost, side: "from" | "to"): number =>
	requests.cpuMillis[side].likely + requests.memoryMiB[side].likely / 4.096

function explained(fit: Fit, {chosen, input}: {chosen: Fit | undefined; input: ChoiceInput}): Candidate {
	const candidate = candidateOf(fit)
	if (!fit.fits || fit === chosen || chosen === undefined) return candidate
	if (chosen.installed.dataplane.name === input.from) {
		const cost = input.cost(fit)
		const percent = Math.round(Math.max(0, saving(cost)) * 100)
		const reason = isWorthMoving(cost)
			? `it needs acceptance, and ${input.from} fits`
			: `${input.from} fits, and a move saves ${percent} % of the requests at most`
		return {...candidate, reasons: [reason]}
	}
	const more = openRisks(fit) - openRisks(chosen)
	return {
		...candidate,
		reasons: [more > 0 ? "it needs acceptance of more risks" : "it requests more CPU and memory"],
	}
}

function refusals(ranked: readonly Fit[]): readonly Reason[] {
	const [best] = ranked
	if (best === undefined || ranked.length === 1) return best?.reasons ?? []
	const names = ranked.map(({installed}) => installed.dataplane.name).join(", ")
	return [because("NoCandidateFits", {message: `None of ${names} carries what is in use`}), ...best.reasons]
}
