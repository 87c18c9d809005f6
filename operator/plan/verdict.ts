import type {Reason, Severity} from "../../profiles/reason.ts"
import type {Verdict} from "./types.ts"

const weight: Readonly<Record<Severity, number>> = {block: 0, accept: 1, info: 2}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** The worst first, then in a fixed order; what is said twice is said once. */
export function ordered(reasons: readonly Reason[]): readonly Reason[] {
	const seen = new Map(reasons.map((one) => [`${one.code} ${one.object ?? ""} ${one.message}`, one]))
	return [...seen.values()].sort(
		(a, b) =>
			weight[a.severity] - weight[b.severity] ||
			compare(a.code, b.code) ||
			compare(a.object ?? "", b.object ?? "") ||
			compare(a.message, b.message),
	)
}

/** A reason that still stands in the way. Acceptance lifts `accept` and nothing else. */
export function isOpen(reason: Reason, accepted: ReadonlySet<string>): boolean {
	return reason.severity === "block" || (reason.severity === "accept" && !accepted.has(reason.code))
}

export type VerdictInput = {
	readonly reasons: readonly Reason[]
	readonly accepted: ReadonlySet<string>
	/** A target was found. */
	readonly resolved: boolean
	/** Steps, or work that is left to a person. */
	readonly work: boolean
}

export function verdictOf({reasons, accepted, resolved, work}: VerdictInput): Verdict {
	const open = reasons.filter((reason) => isOpen(reason, accepted))
	if (!resolved || open.some(({severity}) => severity === "block")) return "Blocked"
	if (open.length > 0) return "NeedsAcceptance"
	return work ? "Ready" : "UpToDate"
}
