import type {Plan, Verdict} from "../../operator/plan/types.ts"
import {AbortError} from "../abort.ts"
import {exit} from "../exit.ts"
import {standing} from "../report/plan-text.ts"

/** @throws AbortError naming each namespace and reason when the plan of one has such a verdict */
export function refuseIf(plan: Plan, verdicts: readonly Verdict[]): void {
	const refused = plan.namespaces.filter(({verdict}) => verdicts.includes(verdict))
	if (refused.length === 0) return
	const names = refused.map(({namespace}) => namespace).join(", ")
	const blocked = refused.some(({verdict}) => verdict === "Blocked")
	const details = refused.flatMap((one) =>
		standing(one).map(
			({code, message, fix}) =>
				`${one.namespace}: ${code}: ${message}${fix === undefined ? "" : `; fix: ${fix}`}`,
		),
	)
	const codes = [...new Set(refused.flatMap((one) => standing(one).map(({code}) => code)))]
	throw new AbortError(
		blocked ? "Blocked" : "NeedsAcceptance",
		`nothing was changed: ${names} ${blocked ? "cannot be moved" : "needs acceptance"}`,
		{
			exit: exit.refused,
			details,
			tryMessage: blocked
				? "Remove what blocks, or leave the namespace out of the profile's selector."
				: `If you accept that, add ${codes.map((code) => `--accept ${code}`).join(" ")}.`,
		},
	)
}
