import type {Keys} from "../../../profiles/dataplane.ts"
import {plural} from "../../../profiles/names.ts"
import {Namespace} from "../../../profiles/snapshot/kinds.ts"
import type {KubeCondition} from "../../../profiles/snapshot/shapes.ts"
import {durationMs, profileDefaults} from "../../api/defaults.ts"
import {annotations} from "../../api/names.ts"
import {covers} from "../../plan/covers.ts"
import {isEmpty} from "../../plan/enrolment.ts"
import {baselineStep} from "../../plan/metric-gates.ts"
import {isProbing} from "../../plan/probes/probes-in.ts"
import type {Workload} from "../../plan/workloads/collect.ts"
import type {Action} from "./actions.ts"
import {isTrial} from "./canary/asked.ts"
import {proveModule, watchModule} from "./canary/gate.ts"
import {leadsElsewhere} from "./course.ts"
import {held, judgeMetrics, lookAgainMs, measureBaseline, unread} from "./metric-gate.ts"
import type {Observation} from "./observation.ts"
import {prove} from "./probes/prove.ts"
import type {Migration, StepRecord} from "./record.ts"
import {advance} from "./record.ts"
import type {Rollout} from "./rollout.ts"
import {cannotBeMade, readySince, rollout} from "./rollout.ts"
import {rollsOf} from "./rolls.ts"
import {objectAt} from "./touched.ts"
import {waiting} from "./waiting.ts"

/** What became of one step in this pass. */
export type Progress = {
	readonly step: StepRecord
	readonly actions: readonly Action[]
	readonly wakeAtMs?: number
	/** What it would be judged by is not there: the migration holds until it is. */
	readonly held?: boolean
	/** What was measured meanwhile. */
	readonly traffic?: Migration["traffic"]
}

export type StepContext = {
	readonly observation: Observation
	readonly migration: Migration
	readonly now: number
	/** Whether work that has not begun may begin: false while paused, held or blocked. */
	readonly mayStart: boolean
}

/** Moves one step on by what the cluster shows. Pure: the actions are for the caller to carry out. */
export function progress(step: StepRecord, context: StepContext): Progress {
	if (step.state === "Pending" && !context.mayStart) return {step, actions: []}
	switch (step.action) {
		case "Roll":
		case "Template":
			return step.state === "Pending" ? startRoll(step, context) : roll(step, context)
		case "Gate":
			return gate(step, context)
		case "Soak":
			return soak(step, context)
		case "Apply":
			return stillServing(step, context) ?? apply(step, context)
		case "Delete":
			return stillServing(step, context) ?? deleteObject(step, context)
	}
}

const apply = (step: StepRecord, context: StepContext): Progress =>
	step.object?.startsWith("Namespace/") ? namespaceKeys(step, context) : applyObject(step, context)

/** How long after the end of its grace a pod may still be seen, while its kubelet tells of its end. */
const endingMs = 30_000

/**
 * A pod that goes still answers what it was asked, behind the proxy and the policies that it was made with. What comes
 * after the waves would take both from it: agents follow a namespace's label at once and cut the connections of a
 * running pod that they flip, and a policy that is retired no longer holds there. Their grace bounds the wait.
 */
function stillServing(step: StepRecord, {observation, migration, now}: StepContext): Progress | undefined {
	const steps = migration.steps ?? []
	const at = steps.findIndex(({id}) => id === step.id)
	const going = steps
		.slice(0, Math.max(0, at))
		.filter(({action}) => action === "Roll")
		.flatMap(({object = ""}) => workloadAt(observation, object)?.pods ?? [])
		.filter(({pod}) => now < Date.parse(pod.metadata.deletionTimestamp ?? "") + endingMs)
	if (going.length === 0) return undefined
	return waiting(step, now, `${plural(going.length, "pod")} of before may still serve what was asked`, {
		movedAt: now,
	})
}

const planned = ({observation}: StepContext, {id}: StepRecord) =>
	observation.plan?.steps.find((step) => step.id === id)

function askRollout(ref: string, {observation, migration, now}: StepContext): Rollout {
	const {workloads, keysFor} = observation
	const workload = workloads.find((one) => one.ref === ref)
	if (keysFor === undefined) return {phase: "waiting", message: `${migration.to} is not installed any more`}
	const to = migration.to === undefined ? undefined : {dataplane: migration.to, revision: migration.revision}
	return rollout({workload, missing: (present) => keysFor("template", present), to, now})
}

/** Begins a roll, unless its pods have come to be there some other way. */
function startRoll(step: StepRecord, context: StepContext): Progress {
	const {observation, migration, now} = context
	const wanted = planned(context, step)
	if (wanted === undefined) return {step: advance(step, "Skipped", now, "nothing is left to do"), actions: []}
	if (wanted.keys === undefined || isEmpty(wanted.keys)) return remake(step, context)
	return waiting(step, now, starting, {
		actions: patch(observation, {migration, ref: step.object ?? "", keys: wanted.keys}),
	})
}

/** Stands in the record from before the patch until the first look after it. */
const starting = "the pod template is being changed"

/** The same where the template is right and the pods are not: they were made before it could take effect. */
const remaking = "its pods are being made anew"

/** Makes new pods of a template that stays as it is, by a mark that no earlier start of the step has left. */
function remake(step: StepRecord, {observation, migration, now}: StepContext): Progress {
	const begun = advance(step, "Running", now, remaking)
	const keys = {labels: {}, annotations: {[annotations.rolledBy]: markOf(migration, begun)}}
	return waiting(begun, now, remaking, {
		actions: patch(observation, {migration, ref: step.object ?? "", keys}),
	})
}

const markOf = ({id}: Migration, {startedAt}: StepRecord): string => `${id} ${startedAt}`

/** The record says that new pods are made, and the mark that makes them is not there: the operator died in between. */
function isToBeRemade(step: StepRecord, {observation, migration}: StepContext): boolean {
	const marks = workloadAt(observation, step.object ?? "")?.template.metadata?.annotations
	return step.message === remaking && marks?.[annotations.rolledBy] !== markOf(migration, step)
}

function roll(step: StepRecord, context: StepContext): Progress {
	const {observation, now} = context
	const ref = step.object ?? ""
	const state = askRollout(ref, context)
	if (state.phase !== "gone" && isToBeRemade(step, context)) return remake(step, context)
	if (step.action === "Template" && (state.phase === "waiting" || state.phase === "failed"))
		return {step: advance(step, "Done", now, "its pods move when their owner makes new ones"), actions: []}
	switch (state.phase) {
		case "gone":
			return {step: advance(step, "Skipped", now, "it was deleted"), actions: []}
		case "failed":
			return {step: advance(step, "Failed", now, state.message), actions: []}
		case "complete":
			return {step: advance(step, "Done", now, state.message), actions: []}
		case "waiting":
			return (
				withoutPods(step, context) ??
				waiting(step, now, state.message, {
					actions: lowered(ref, observation, state.partition),
					movedAt: lastReady(workloadAt(observation, ref)),
				})
			)
		case "unpatched":
			return unpatched(step, context, state.keys)
	}
}

/**
 * The record says begun, the template does not. Either the operator died before the patch, and no pre-image was
 * followed by a change: then it is made now. Or somebody took the keys away again: patching once more would roll the
 * workload against its owner.
 */
function unpatched(step: StepRecord, {observation, migration, now}: StepContext, keys: Keys): Progress {
	if (step.message !== starting) return {step: advance(step, "Failed", now, contested), actions: []}
	return waiting(step, now, starting, {
		actions: patch(observation, {migration, ref: step.object ?? "", keys}),
	})
}

/** Starts the message of a step that another writer undid. */
export const contested = "another writer changed the pod template back; stop it or give it these keys"

/** Many pods that move one by one may take long together: each that became Ready is a step forward. */
const lastReady = (workload: Workload | undefined): number =>
	Math.max(0, ...(workload?.pods ?? []).map(({pod}) => readySince(pod)))

/** How long a pod may be refused whose predecessor has gone: so long one is missing. */
const refusalPatienceMs = 30_000

/**
 * A StatefulSet or a DaemonSet that gets no pods where some are missing. Its status says nothing of it, Events do; and
 * it serves with fewer pods than before, so that nobody waits for long.
 */
function withoutPods(step: StepRecord, {observation, now}: StepContext): Progress | undefined {
	const {object = "", startedAt = ""} = step
	const workload = workloadAt(observation, object)
	const alive = workload?.pods.filter(({pod}) => pod.metadata.deletionTimestamp === undefined) ?? []
	if (workload === undefined || alive.length >= workload.replicas) return undefined
	const warning = observation.warnings?.find(
		({reason, object: of, at}) => reason === "FailedCreate" && of === object && at >= startedAt,
	)
	if (warning === undefined) return undefined
	const message = cannotBeMade(warning.note)
	const since = Math.max(Date.parse(startedAt) || now, lastReady(workload))
	if (now >= since + refusalPatienceMs) return {step: advance(step, "Failed", now, message), actions: []}
	return waiting(step, now, message)
}

const workloadAt = ({workloads}: Observation, ref: string) => workloads.find((one) => one.ref === ref)

function lowered(ref: string, observation: Observation, partition: number | undefined): readonly Action[] {
	const object = workloadAt(observation, ref)?.object
	return partition === undefined || object === undefined ? [] : [{type: "partition", object, partition}]
}

/** The pre-image first, then (for a StatefulSet) a partition above every pod, then the template. */
function patch(
	observation: Observation,
	{migration, ref, keys}: {migration: Migration; ref: string; keys: Keys},
): readonly Action[] {
	const workload = workloadAt(observation, ref)
	if (workload?.object === undefined) return []
	const {object, kind, replicas} = workload
	const rolls = kind === "StatefulSet" && object.spec?.updateStrategy?.type !== "OnDelete"
	return [
		{type: "preImage", migration: migration.id, ref},
		...(rolls ? [{type: "partition", object, partition: replicas} as const] : []),
		{type: "template", object, keys},
	]
}

/** Pod evidence, readiness, restarts and warnings of a wave. */
function judge(
	step: StepRecord,
	context: StepContext,
): {readonly verdict: "pass" | "wait" | "fail"; readonly message: string} {
	const rolls = rollsOf(context.migration, step.wave)
	for (const {object = ""} of rolls) {
		const state = askRollout(object, context)
		if (state.phase === "failed" || state.phase === "unpatched")
			return {verdict: "fail", message: `${object}: ${state.phase === "failed" ? state.message : contested}`}
		if (state.phase === "waiting") return {verdict: "wait", message: `${object}: ${state.message}`}
	}
	const since = rolls.map((roll) => roll.finishedAt ?? "").sort()[0] ?? ""
	const warning = context.observation.warnings?.find(({at}) => at > since)
	if (warning !== undefined)
		return {verdict: "fail", message: `${warning.object}: ${warning.reason}: ${warning.note}`}
	return {verdict: "pass", message: `${plural(rolls.length, "workload")} ready and proven`}
}

function gate(step: StepRecord, context: StepContext): Progress {
	const {now} = context
	if (step.id === baselineStep) return measureBaseline(step, context)
	if (isTrial(step)) return proveModule(step, context)
	if (isProbing(step)) return prove(step, context)
	if (step.object !== undefined) return programmed(step, context)
	const {verdict, message} = judge(step, context)
	if (verdict === "fail") return {step: advance(step, "Failed", now, message), actions: []}
	if (verdict === "wait") return waiting(step, now, message)
	return byMetrics(step, context, message) ?? {step: advance(step, "Done", now, message), actions: []}
}

/** What metrics add once the pods are proven; undefined where the profile asks for none. */
function byMetrics(step: StepRecord, context: StepContext, proven: string): Progress | undefined {
	const judged = judgeMetrics(context)
	if (judged === undefined) return undefined
	const {now} = context
	if (judged === "unread") return unread(step, now)
	const {verdict, message, traffic} = judged
	const kept = traffic === undefined ? {} : {traffic}
	if (verdict === "hold") return {...held(step, now, message), ...kept}
	const state = verdict === "fail" ? "Failed" : "Done"
	return {
		step: advance(step, state, now, verdict === "fail" ? message : `${proven}; ${message}`),
		actions: [],
		...kept,
	}
}

/** A gate on an object waits until its controller reports it Programmed. */
function programmed(step: StepRecord, {observation, now}: StepContext): Progress {
	const object = objectAt(observation.snapshot, step.object ?? "") as Conditioned | undefined
	const condition = object?.status?.conditions?.find(({type}) => type === "Programmed")
	if (condition?.status === "True") return {step: advance(step, "Done", now, "Programmed"), actions: []}
	return waiting(step, now, `not Programmed yet: ${condition?.message ?? "its controller has not reported"}`)
}
type Conditioned = {readonly status?: {readonly conditions?: readonly KubeCondition[]}}

function soak(step: StepRecord, context: StepContext): Progress {
	if (isTrial(step)) return watchModule(step, context)
	const {now, observation} = context
	const {verdict, message} = judge(step, context)
	if (verdict === "fail") return {step: advance(step, "Failed", now, message), actions: []}
	const running = advance(step, "Running", now, message)
	const wanted = durationMs(observation.profile?.spec.migration?.waves?.soak ?? profileDefaults.soak) ?? 0
	const until = Date.parse(running.startedAt ?? "") + wanted
	if (verdict === "wait") return waiting(step, now, message, {movedAt: until})
	const metrics = byMetrics(running, context, message)
	if (metrics !== undefined && (now >= until || metrics.step.state === "Failed")) return metrics
	const {traffic} = metrics ?? {}
	if (now >= until) return {step: advance(running, "Done", now, message), actions: []}
	return {
		step: running,
		actions: [],
		wakeAtMs: metrics === undefined ? until : Math.min(until, now + lookAgainMs),
		...(traffic === undefined ? {} : {traffic}),
	}
}

/**
 * A step of this kind is over when the plan no longer asks for it; while the plan is refused, or leads elsewhere,
 * nothing is known.
 */
const refused = ({observation: {plan}, migration}: StepContext) =>
	plan === undefined || plan.to === null || plan.verdict === "Blocked" || leadsElsewhere(plan, migration)

function namespaceKeys(step: StepRecord, context: StepContext): Progress {
	const {observation, now} = context
	const object = observation.snapshot.get(Namespace, observation.namespace)
	if (object === undefined || refused(context)) return {step, actions: []}
	const keys = planned(context, step)?.keys
	if (keys === undefined || isEmpty(keys)) return {step: advance(step, "Done", now), actions: []}
	return {step: advance(step, "Running", now), actions: [{type: "namespaceKeys", object, keys}]}
}

function applyObject(step: StepRecord, context: StepContext): Progress {
	const {observation, migration, now} = context
	if (refused(context)) return {step, actions: []}
	const manifest = planned(context, step)?.manifest
	const ref = step.object ?? ""
	if (manifest === undefined || covers(objectAt(observation.snapshot, ref), manifest)) {
		return {step: advance(step, "Done", now), actions: []}
	}
	const actions: readonly Action[] = [
		{type: "preImage", migration: migration.id, ref},
		{type: "apply", manifest},
	]
	return {step: advance(step, "Running", now), actions}
}

function deleteObject(step: StepRecord, {observation, migration, now}: StepContext): Progress {
	const ref = step.object ?? ""
	const object = objectAt(observation.snapshot, ref)
	if (object === undefined) return {step: advance(step, "Done", now), actions: []}
	const actions: readonly Action[] = [
		{type: "preImage", migration: migration.id, ref},
		{type: "delete", object},
	]
	return {step: advance(step, "Running", now), actions}
}
