import {isReady} from "../../../../profiles/pods.ts"
import {durationMs, profileDefaults} from "../../../api/defaults.ts"
import {noKeys} from "../../../plan/enrolment.ts"
import {quantity} from "../../../plan/quantity.ts"
import {twinsOf} from "../../../plan/workloads/collect.ts"
import {held, lookAgainMs, metricGates, unread} from "../metric-gate.ts"
import {advance, type StepRecord} from "../record.ts"
import {rollout} from "../rollout.ts"
import type {Progress, StepContext} from "../steps.ts"
import type {TrafficVerdict} from "../traffic.ts"
import {waiting} from "../waiting.ts"
import {parseRef} from "../workload.ts"
import {trialOf} from "./asked.ts"
import {judgeModules} from "./judge.ts"

/** A module on the pods that have it by now: evidence of the pods first, then what metrics tell. */
export function proveModule(step: StepRecord, context: StepContext): Progress {
	const {now} = context
	const evidence = evidenceOf(step, context)
	if (evidence.verdict === "fail") return failed(step, now, evidence.message)
	if (evidence.verdict === "wait") return waiting(step, now, evidence.message)
	const judged = byMetrics(step, context)
	if (judged === undefined) return done(step, now, `${evidence.message}; requests are not measured`)
	if (judged === "unread") return unread(step, now)
	if (judged.verdict === "hold") return held(step, now, judged.message)
	return judged.verdict === "fail" ? failed(step, now, judged.message) : done(step, now, judged.message)
}

/** The same for as long as a wave is watched: it ends well only when it has held to the end. */
export function watchModule(step: StepRecord, context: StepContext): Progress {
	const {now, observation} = context
	const began = advance(step, "Running", now)
	const soak = observation.profile?.spec.migration?.waves?.soak ?? profileDefaults.soak
	const until = Date.parse(began.startedAt ?? "") + (durationMs(soak) ?? 0)
	const seen = proveModule(step, context)
	if (seen.step.state !== "Done" || now >= until) return seen
	// Figures change from one look to the next; they stand in the record when it is over.
	return {
		step: advance(began, "Running", now, "the module does well so far"),
		actions: [],
		wakeAtMs: Math.min(until, now + lookAgainMs),
	}
}

const failed = (step: StepRecord, now: number, message: string): Progress => ({
	step: advance(step, "Failed", now, message),
	actions: [],
})
const done = (step: StepRecord, now: number, message: string): Progress => ({
	step: advance(step, "Done", now, message),
	actions: [],
})

type Evidence = {readonly verdict: "pass" | "wait" | "fail"; readonly message: string}

function evidenceOf(step: StepRecord, context: StepContext): Evidence {
	const {observation, migration, now} = context
	const {object = "", startedAt = ""} = step
	const {pods, isCopy} = trialOf(object, observation)
	const {name} = parseRef(object)
	const warning = isCopy
		? observation.warnings?.find(({at, object: of}) => at >= startedAt && parseRef(of).name.startsWith(name))
		: undefined
	if (startedAt !== "" && warning !== undefined)
		return {verdict: "fail", message: `${warning.object}: ${warning.reason}: ${warning.note}`}
	if (!isCopy) {
		const unready = pods.find(({pod}) => !isReady(pod))
		return unready === undefined
			? {verdict: "pass", message: `${pods.length} of ${pods.length} pods ready`}
			: {verdict: "wait", message: `pod ${unready.pod.metadata.name} is not Ready`}
	}
	const workload = twinsOf(observation.snapshot, observation.namespace, observation.dataplanes).find(
		({ref}) => ref === object,
	)
	const to = migration.to === undefined ? undefined : {dataplane: migration.to, revision: migration.revision}
	const state = rollout({workload, missing: () => noKeys, to, now})
	switch (state.phase) {
		case "complete":
			return {verdict: "pass", message: state.message}
		case "waiting":
			return {verdict: "wait", message: state.message}
		case "failed":
			return {verdict: "fail", message: state.message}
		default:
			return {verdict: "fail", message: "somebody took the copy away"}
	}
}

/** A person has accepted that requests are refused that passed before. */
const meantToRefuse = "ExtensionRefusesMore"

function byMetrics({object = ""}: StepRecord, context: StepContext): TrafficVerdict | "unread" | undefined {
	const gates = metricGates(context)
	if (gates === undefined) return undefined
	const {observation} = context
	const {modules, profile, binding} = observation
	if (modules === undefined) return "unread"
	const {pods} = trialOf(object, observation)
	const accepted = [...(profile?.spec.migration?.accept ?? []), ...(binding?.spec?.accept ?? [])]
	return judgeModules(gates, modules, {
		pods: pods.length,
		memoryLimit: memoryLimitOf(pods.map(({pod}) => pod)),
		mayRefuse: accepted.includes(meantToRefuse),
	})
}

/** Istio's proxy, wherever the injector has put it. */
const proxyName = "istio-proxy"

function memoryLimitOf(pods: Parameters<typeof isReady>[0][]): number | undefined {
	const limits = pods.flatMap(({spec}) =>
		[...(spec?.initContainers ?? []), ...(spec?.containers ?? [])]
			.filter(({name}) => name === proxyName)
			.flatMap(({resources}) => quantity(resources?.limits?.memory) ?? []),
	)
	return limits.length === 0 ? undefined : Math.min(...limits)
}
