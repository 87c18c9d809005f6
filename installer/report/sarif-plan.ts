import {planReasons} from "../../operator/plan/reasons.ts"
import type {NamespacePlan, Plan} from "../../operator/plan/types.ts"
import type {Reason, Severity} from "../../profiles/reason.ts"
import {profileReasons} from "../../profiles/reasons.ts"
import type {ExitCode} from "../exit.ts"
import type {Places} from "../input/places.ts"
import {type Level, type Rule, type SarifFinding, sarifOf} from "./sarif.ts"

const levels: Readonly<Record<Severity, Level>> = {block: "error", accept: "warning", info: "note"}

type Entry = {readonly severity: Severity; readonly doc: string; readonly fix?: string}

const rules = (): readonly Rule[] =>
	Object.entries<Entry>({...profileReasons, ...planReasons}).map(([id, {severity, doc, fix}]) => ({
		id,
		title: sentence(doc),
		doc,
		fix,
		level: levels[severity],
		page: `docs/reasons.md#${id.toLowerCase()}`,
	}))

const sentence = (doc: string): string => /^.*?[.](?=\s|$)/.exec(doc)?.[0] ?? doc

/** Every reason of a plan as a result, on the object that it is about and on its namespace. */
export function planSarif(plan: Plan, places: Places, exitCode: ExitCode): string {
	return sarifOf({
		category: "plan",
		rules: rules(),
		findings: plan.namespaces.flatMap((one) => one.reasons.map((reason) => findingOf(one, reason, places))),
		exitCode,
	})
}

/** What a person has accepted still holds, and holds nothing up. */
function findingOf(
	{namespace, accepted = [], profile}: NamespacePlan,
	reason: Reason,
	places: Places,
): SarifFinding {
	const {code, severity, message, object, fix} = reason
	const home = `Namespace/${namespace}`
	const objects = [...new Set([...(object === undefined ? [] : [object]), home])]
	const own = [...objects, ...(profile === undefined ? [] : [`MeshProfile/${profile}`])]
	return {
		rule: code,
		level: severity === "accept" && accepted.includes(code) ? "note" : levels[severity],
		message: `${namespace}: ${message}${/[.!?]$/.test(message) ? "" : "."}${fix === undefined ? "" : ` ${fix}`}`,
		objects,
		place: own.map(places).find((place) => place !== undefined),
	}
}
