import type {Keys} from "../../../profiles/dataplane.ts"
import type {NamespacePlan, PlannedWorkload, Step} from "../types.ts"

/** A plan as a story that a person can disagree with, line by line. */
export function narrate(plan: NamespacePlan): string {
	const {from, to} = plan
	const target = to === null ? "nowhere" : `${to.dataplane}${at(to.revision)}, mode ${to.mode}`
	const lines = [
		`Namespace ${plan.namespace}, ${plan.profile === undefined ? "by no profile" : `by the profile ${plan.profile}`}: ${plan.verdict}.`,
		`It is on ${from.dataplane}${at(from.revision)}${from.cni === undefined ? "" : ` (CNI ${from.cni})`}. It goes to ${target}.`,
		...section(
			"It uses:",
			plan.features.map((one) => `${one.name} (${one.support}) by ${one.usedBy.join(", ")}`),
		),
		...section(
			"Weighed:",
			plan.candidates.map(
				(one) =>
					`${one.dataplane}${at(one.revision)} ${one.fits ? "fits" : "does not fit"}${one.reasons.length > 0 ? `: ${one.reasons.join("; ")}` : ""}`,
			),
		),
		...section(
			"Because:",
			plan.reasons.map(
				(one) =>
					`${one.severity} ${one.code}${one.object === undefined ? "" : ` of ${one.object}`}: ${one.message}${one.fix === undefined ? "" : ` Fix: ${one.fix}`}`,
			),
		),
		...(plan.accepted === undefined ? [] : [`Accepted: ${plan.accepted.join(", ")}.`]),
		...section("Translated:", plan.translations.map(translation)),
		...section("Workloads:", plan.workloads.map(workload)),
		...section("Steps:", plan.steps.map(step)),
		`Requests: CPU ${range(plan.cost.requests.cpuMillis)} m, memory ${range(plan.cost.requests.memoryMiB)} MiB; the cluster's total changes by ${plan.cost.marginal.cpuMillis.likely} m and ${plan.cost.marginal.memoryMiB.likely} MiB.`,
	]
	return `${lines.join("\n")}\n`
}

const at = (revision: string | undefined): string => (revision === undefined ? "" : ` (${revision})`)

const section = (title: string, items: readonly string[]): readonly string[] =>
	items.length === 0 ? [] : [title, ...items.map((item) => `  - ${item}`)]

const translation = ({source, verdict, fields}: NamespacePlan["translations"][number]): string =>
	`${source}: ${verdict}; ${fields.map((one) => `${one.path} ${one.verdict}${one.note === undefined ? "" : ` (${one.note})`}`).join(", ")}`

const workload = ({ref, from, action, reason, wave}: PlannedWorkload): string =>
	`${ref} on ${from}: ${action}${wave === undefined ? "" : ` in wave ${wave}`}, ${reason}`

function step({id, action, object, wave, note, keys, manifest}: Step): string {
	const where = wave === undefined ? "" : `wave ${wave}, `
	const what = object === undefined ? "" : ` ${object}`
	const wrote = keys === undefined ? "" : ` [${changes(keys)}]`
	const made = manifest === undefined ? "" : ` ${JSON.stringify((manifest as {spec?: unknown}).spec)}`
	return `${where}${id}: ${action}${what}, ${note}${wrote}${made}`
}

const changes = ({labels, annotations}: Keys): string =>
	[...Object.entries(labels), ...Object.entries(annotations)]
		.map(([key, value]) => (value === null ? `-${key}` : `${key}=${value}`))
		.join(" ")

const range = ({from, to}: {from: {likely: number}; to: {likely: number}}): string =>
	`${from.likely} → ${to.likely}`
