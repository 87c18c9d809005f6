import type {NamespacePlan, Plan} from "../../operator/plan/types.ts"
import type {Places} from "../input/places.ts"
import {type Case, junitOf} from "./junit.ts"
import {standing} from "./plan-text.ts"
import {destination, markOf, placeName} from "./verdict.ts"

/** A suite with a case per namespace; it fails where the plan would not run. */
export function planJUnit(plan: Plan, places: Places): string {
	return junitOf("heddle plan", [
		{name: "heddle plan", cases: plan.namespaces.map((one) => caseOf(one, places))},
	])
}

function caseOf(plan: NamespacePlan, places: Places): Case {
	const place =
		places(`Namespace/${plan.namespace}`) ??
		(plan.profile === undefined ? undefined : places(`MeshProfile/${plan.profile}`))
	const way = `${placeName(plan.from)} → ${destination(plan)}`
	const base = {name: plan.namespace, className: "heddle.plan", place}
	if (plan.verdict === "UpToDate" || plan.verdict === "Ready")
		return {...base, output: `${markOf(plan).word}: ${way}`}
	const open = standing(plan)
	const text = open.flatMap(({code, message, object, fix}) => [
		`${code}${object === undefined ? "" : ` (${object})`}: ${message}`,
		...(fix === undefined ? [] : [`  fix: ${fix}`]),
	])
	const codes = [...new Set(open.map(({code}) => code))]
	return {
		...base,
		failure: {type: plan.verdict, message: `${way}: ${codes.join(", ")}`, text: text.join("\n")},
	}
}
