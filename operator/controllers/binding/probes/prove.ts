import {createHash} from "node:crypto"
import {plural} from "../../../../profiles/names.ts"
import {Job, Pod} from "../../../../profiles/snapshot/kinds.ts"
import type {KubeObject} from "../../../../profiles/snapshot/object.ts"
import type {Probe, Probes} from "../../../plan/probes/probe.ts"
import {probeJob} from "../../../plan/probes/probe-job.ts"
import {isFirstProbing, probesIn} from "../../../plan/probes/probes-in.ts"
import {lookAgainMs} from "../metric-gate.ts"
import {advance, type StepRecord} from "../record.ts"
import type {Progress, StepContext} from "../steps.ts"
import {waiting} from "../waiting.ts"
import {type Answer, answerOf} from "./answer.ts"

type Sent = {readonly probe: Probe; readonly job: KubeObject; readonly answer: Answer}

/** Sends the requests of this step, waits for their answers, and holds them against what the policies say. */
export function prove(step: StepRecord, context: StepContext): Progress {
	const {now, observation, migration} = context
	const {profile} = observation
	const prober = profile?.spec.migration?.gates?.prober
	const found = profile && probesIn({...observation, profile})
	if (profile === undefined || prober === undefined || found === undefined)
		return {step: advance(step, "Skipped", now, "the profile consents to no requests"), actions: []}
	const begun = advance(step, "Running", now)
	// A step that is tried again asks again: the answers of another time are none of its.
	const moment = `${migration.id} ${step.id} ${begun.startedAt}`
	const made = found.probes.map((probe) => ({probe, job: jobOf(probe, moment, context)}))
	const missing = made.filter(({job}) => job === undefined).map(({probe}) => probe)
	if (missing.length > 0)
		return waiting(begun, now, `${plural(missing.length, "request")} are being sent`, {
			actions: missing.map((probe) => ({
				type: "apply",
				manifest: probeJob(probe, {
					name: probeName(probe, moment),
					image: prober.image,
					profile: profile.metadata.name,
				}),
			})),
		})
	const sent = made.flatMap(({probe, job}): readonly Sent[] =>
		job === undefined ? [] : [{probe, job, answer: answerOf(job, podsOf(probe, context))}],
	)
	const pending = sent.filter(({answer}) => answer.is === "pending").length
	if (pending > 0) return waiting(begun, now, `${plural(pending, "request")} have no answer yet`)
	return judge(begun, sent, {found, now})
}

/** The same for the same request at the same moment, so that whoever comes after a crash finds it. */
const probeName = (probe: Probe, moment: string): string =>
	`heddle-probe-${createHash("sha256")
		.update(`${moment} ${JSON.stringify(probe)}`)
		.digest("hex")
		.slice(0, 20)}`

const jobOf = (probe: Probe, moment: string, {observation}: StepContext): KubeObject | undefined =>
	observation.snapshot.get(Job, probeName(probe, moment), probe.caller.namespace)

const podsOf = ({caller}: Probe, {observation}: StepContext) =>
	observation.snapshot.list(Pod, caller.namespace)

type Judging = {readonly found: Probes; readonly now: number}

/** What a person must know to read the result rightly. */
export const notSent = "not sent for"

function judge(step: StepRecord, sent: readonly Sent[], {found, now}: Judging): Progress {
	const done = sent.map(({job}) => ({type: "delete", object: job}) as const)
	const wrong = sent.find(({probe, answer}) => answer.is === opposite[probe.expect])
	if (wrong !== undefined && !isFirstProbing(step))
		return {step: advance(step, "Failed", now, contradiction(wrong)), actions: []}
	const unsure = wrong ?? sent.find(({answer}) => answer.is === "unknown")
	if (unsure !== undefined) {
		const why =
			wrong === undefined ? `no proof: ${told(unsure)}` : `before anything moves, ${contradiction(wrong)}`
		const actions = done.filter(({object}) => isOld(object, now))
		return {step: advance(step, "Running", now, why), actions, held: true, wakeAtMs: now + lookAgainMs}
	}
	const policies = new Set(sent.map(({probe}) => probe.policy)).size
	const proven = `${plural(sent.length, "request")} were answered as ${policies === 1 ? "a policy says" : `${policies} policies say`}`
	const left = found.unsent.map(({policy, why}) => `${policy} (${why})`)
	const message = left.length === 0 ? proven : `${proven}; ${notSent} ${left.join(", ")}`
	return {step: advance(step, "Done", now, message), actions: done}
}

/** What proved nothing is asked once more after a while. */
const askAgainMs = 30_000

const isOld = ({metadata}: KubeObject, now: number): boolean =>
	now >= (Date.parse(metadata.creationTimestamp ?? "") || now) + askAgainMs

const opposite = {allow: "refused", deny: "admitted"} as const

const told = ({probe, answer}: Sent): string =>
	`${probe.method} ${probe.url} as ${probe.caller.namespace}/${probe.caller.serviceAccount}: ${answer.is === "pending" ? "" : answer.said}`

const contradiction = (sent: Sent): string =>
	`${told(sent)}, which ${sent.probe.policy} ${sent.probe.expect === "allow" ? "lets through" : "refuses"}`
