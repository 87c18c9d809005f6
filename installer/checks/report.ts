import {checks} from "./catalogue.ts"
import type {CheckResult, CheckState, Severity} from "./types.ts"

/** What `heddle check` prints with `--output json`. */
export type CheckReport = {
	readonly apiVersion: "heddle.dev/v1alpha1"
	readonly kind: "CheckReport"
	/** Where the evidence came from: `files`, or the context of the cluster. */
	readonly source: string
	readonly ok: boolean
	readonly strict: boolean
	readonly counts: Readonly<Record<CheckState, number>>
	readonly checks: readonly CheckResult[]
}

type Given = {readonly source: string; readonly strict: boolean; readonly results: readonly CheckResult[]}

/** The results in the order of the catalogue. */
export function reportOf({source, strict, results}: Given): CheckReport {
	const rank = new Map(checks.map(({id}, index) => [id, index]))
	const ordered = [...results].sort((a, b) => (rank.get(a.id) ?? 0) - (rank.get(b.id) ?? 0))
	const count = (state: CheckState) => ordered.filter((one) => one.state === state).length
	return {
		apiVersion: "heddle.dev/v1alpha1",
		kind: "CheckReport",
		source,
		ok: !ordered.some((one) => fails(one, strict)),
		strict,
		counts: {passed: count("passed"), failed: count("failed"), notRun: count("notRun")},
		checks: ordered,
	}
}

/** Whether a result makes the whole fail. */
export function fails({state, severity}: CheckResult, strict: boolean): boolean {
	const fatal: readonly Severity[] = strict ? ["error", "warning"] : ["error"]
	return state === "failed" && fatal.includes(severity)
}
