import type {Reason} from "../../profiles/reason.ts"
import {declared, type Present} from "./enrolment.ts"
import type {ClusterFacts} from "./facts.ts"
import {because} from "./reasons.ts"
import type {From} from "./types.ts"
import type {SeenPod, Workload} from "./workloads/collect.ts"

export type Where = {readonly from: From; readonly reasons: readonly Reason[]}

type Place = {readonly dataplane: string; readonly revision?: string | undefined}

/**
 * Where a namespace is, by its pods. Only where there are none, what is declared is taken, and a reason says so. Jobs
 * that finish on an old dataplane do not make a namespace mixed.
 */
export function whereIs(workloads: readonly Workload[], namespace: Present, facts: ClusterFacts): Where {
	const counted = (list: readonly Workload[]) => list.flatMap(({pods}) => pods).filter(({is}) => is.counted)
	const lasting = counted(workloads.filter(({kind}) => kind !== "Job" && kind !== "CronJob"))
	const pods = lasting.length > 0 ? lasting : counted(workloads)
	const reasons = [...evidenceReasons(pods), ...workloads.filter(isUnseen).map(unseen)]
	const places = pods.length > 0 ? pods.map(({is}) => is) : declarations(workloads, namespace, facts)
	const from = fromOf(places, facts.cni)
	if (pods.length === 0 && !workloads.some(isUnseen)) {
		reasons.push(because("NoPods", {message: `No pods; by its labels the namespace is on ${from.dataplane}`}))
	}
	if (from.dataplane === "mixed") reasons.push(because("MixedDataplanes", {message: tally(pods)}))
	return {from, reasons}
}

/** Wants pods that nobody has seen. */
export const isUnseen = ({replicas, pods, kind}: Workload): boolean =>
	replicas > 0 &&
	kind !== "Job" &&
	kind !== "CronJob" &&
	!pods.some(({is}) => is.counted || is.dataplane === "unsupported")

const unseen = ({ref, replicas}: Workload): Reason =>
	because("NoPodEvidence", {object: ref, message: `It wants ${replicas} pods, and none was seen`})

function declarations(
	workloads: readonly Workload[],
	namespace: Present,
	facts: ClusterFacts,
): readonly Place[] {
	const wanting = workloads.filter(isUnseen)
	const templates: readonly Present[] =
		wanting.length === 0 ? [{}] : wanting.map(({template}) => template.metadata ?? {})
	return templates.flatMap((template) => {
		const found = declared(namespace, template, facts.installed).filter(
			({dataplane}) => dataplane.family !== "None",
		)
		return found.length === 0
			? [{dataplane: "none"}]
			: found.map(({dataplane, installation}) => ({
					dataplane: dataplane.name,
					revision: installation.revision,
				}))
	})
}

/** One word for many pods, the worst first: captured twice, then captured and not accepted, then mixed. */
export function placeOf(places: readonly Place[]): string {
	const names = new Set(places.map(({dataplane}) => dataplane))
	if (names.has("conflict")) return "conflict"
	if (names.has("pending")) return "pending"
	if (names.size > 1) return "mixed"
	return [...names][0] ?? "none"
}

function fromOf(places: readonly Place[], cni: string | undefined): From {
	const revisions = new Set(places.map(({revision}) => revision))
	const [revision] = revisions
	return {
		dataplane: placeOf(places),
		...(revisions.size === 1 && revision !== undefined ? {revision} : {}),
		...(cni === undefined ? {} : {cni}),
	}
}

function tally(pods: readonly SeenPod[]): string {
	const counts = new Map<string, number>()
	for (const {is} of pods) counts.set(is.dataplane, (counts.get(is.dataplane) ?? 0) + 1)
	const parts = [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, count]) => `${count} on ${name}`)
	return `Pods: ${parts.join(", ")}`
}

function evidenceReasons(pods: readonly SeenPod[]): Reason[] {
	return pods.flatMap(({pod, is}) => {
		const object = `Pod/${pod.metadata.namespace}/${pod.metadata.name}`
		if (is.dataplane === "conflict") return [because("CapturedTwice", {object, message: bare(is.detail)})]
		if (is.dataplane === "pending") return [because("RedirectionPending", {object, message: bare(is.detail)})]
		return is.evidence
			.filter(({evidence}) => evidence.state === "broken")
			.map(({evidence}) => because("EnrolmentBroken", {object, message: bare(evidence.detail)}))
	})
}

/** Sentences of others come with their full stop. */
const bare = (sentence: string): string => sentence.replace(/\.$/, "")
