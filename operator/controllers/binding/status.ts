import type {MeshBinding, MeshProfile} from "../../../crds/generated.ts"
import {plural} from "../../../profiles/names.ts"
import {type Observation as Observed, reasons, say, setConditions} from "../../api/conditions.ts"
import type {NamespacePlan} from "../../plan/types.ts"
import {isoTime} from "../iso-time.ts"
import {awaitsApproval} from "./course.ts"
import {foughtOver} from "./fought-over.ts"
import {idleAcceptance, idlePolicies, noted} from "./noted.ts"
import type {Observation} from "./observation.ts"
import {enforcementVerified} from "./probes/enforcement.ts"
import type {BindingStatus, Migration} from "./record.ts"
import {isActive} from "./record.ts"
import {isThere} from "./rollout.ts"
import {judgeSides} from "./traffic.ts"
import {breachesOf, broken, unenforced, watchedNow} from "./watched.ts"

/** The whole next status of a binding, from what was observed and how the migration stands. */
export function nextStatus(observation: Observation, status: BindingStatus, now: number): BindingStatus {
	const {binding, profile, plan} = observation
	if (profile === undefined && binding !== undefined) return leaving(binding, status, now)
	if (profile === undefined || plan === undefined) return status
	const {revision: _, dataplane: __, watched: ___, ...kept} = status
	const conditions = conditionsOf(observation, plan, {status, profile, now})
	const watched = watchedNow(status.watched, plan, {conditions, now})
	return {
		...kept,
		observedGeneration: binding?.metadata.generation ?? 1,
		profile: profile.metadata.name,
		profileGeneration: profile.metadata.generation ?? 0,
		dataplane: plan.from.dataplane,
		...(plan.from.revision === undefined ? {} : {revision: plan.from.revision}),
		fit: fitOf(plan),
		workloads: countsOf(observation, plan, status.migration),
		...(watched === undefined ? {} : {watched}),
		conditions,
	}
}

/** No profile decides any more: what was true while one did is not said for longer than the binding lasts. */
function leaving({metadata}: MeshBinding, status: BindingStatus, now: number): BindingStatus {
	const {migration} = status
	const goesBack = migration?.state === "RollingBack"
	const ready = goesBack
		? say("Ready", "False", reasons.rollingBack, migration.message ?? "going back to before Heddle")
		: say("Ready", "False", reasons.unselected, "no profile selects the namespace any more")
	const conditions = setConditions({
		previous: status.conditions as Parameters<typeof setConditions>[0]["previous"],
		observed: [ready, ...progressing(ready, migration)],
		generation: metadata.generation ?? 1,
		now: isoTime(now),
	})
	const {watched: _, ...kept} = status
	return {...kept, conditions}
}

const fitOf = ({verdict, to, reasons: why}: NamespacePlan): NonNullable<BindingStatus["fit"]> => ({
	verdict,
	...(to === null ? {} : {to: to.dataplane, mode: to.mode}),
	...(to?.revision === undefined ? {} : {revision: to.revision}),
	reasons: why.slice(0, 64).map((reason) => ({...reason, message: reason.message.slice(0, 2048)})),
})

function countsOf({workloads}: Observation, plan: NamespacePlan, migration: Migration | undefined) {
	const running = new Set(
		(migration?.steps ?? []).filter(({state}) => state === "Running").map(({object}) => object),
	)
	const moving = plan.workloads.filter(({ref}) => running.has(ref)).length
	const waiting = plan.workloads.filter(({ref, action}) => action === "Roll" && !running.has(ref)).length
	const manual = plan.workloads.filter(({action}) => action === "Manual").length
	const {to} = plan
	const current = workloads.filter(({pods}) => {
		const counted = pods.filter(({is}) => is.counted)
		return to !== null && counted.length > 0 && counted.every(({is}) => is.ready && isThere(is, to))
	}).length
	return {total: workloads.length, current, moving, waiting, manual}
}

type Setting = {readonly status: BindingStatus; readonly profile: MeshProfile; readonly now: number}

function conditionsOf(observation: Observation, plan: NamespacePlan, {status, now}: Setting) {
	const {migration} = status
	const ready = readiness(observation, plan, {status, now})
	const breaches = breachesOf(observation, status)
	const observed: Observed[] = [
		ready,
		accepted(plan),
		fits(plan),
		dataplaneReady(plan),
		plan.translations.some(({verdict}) => verdict !== "exact")
			? say(
					"PoliciesTranslated",
					"False",
					reasons.notExact,
					"a policy has no exact counterpart on the target",
				)
			: say(
					"PoliciesTranslated",
					"True",
					reasons.translated,
					noted("every policy stands in the form that the target reads, or needs none", plan, idlePolicies),
				),
		broken(breaches) ?? enrolled(observation, plan),
		trafficVerified(observation, migration),
		unenforced(breaches, plan) ?? enforcementVerified(observation, migration),
		...progressing(ready, migration),
	]
	return setConditions({
		previous: status.conditions as Parameters<typeof setConditions>[0]["previous"],
		observed,
		generation: observation.binding?.metadata.generation ?? 1,
		now: isoTime(now),
	})
}

/** The one line that `kubectl get` shows. */
function readiness(
	observation: Observation,
	plan: NamespacePlan,
	{status, now}: Pick<Setting, "status" | "now">,
): Observed {
	const {migration} = status
	const not = (reason: Observed["reason"], message: string) => say("Ready", "False", reason, message)
	if (migration?.state === "RollingBack") return not(reasons.rollingBack, migration.message ?? "going back")
	if (observation.binding?.spec?.target === "Previous")
		return not(
			reasons.rolledBack,
			`on ${plan.from.dataplane}, as spec.target asks; set it to Desired to go on`,
		)
	if (migration?.state === "Holding") return not(reasons.holding, migration.message ?? "waiting for a person")
	if (migration?.state === "Running")
		return not(reasons.migrating, migration.message ?? `going from ${migration.from} to ${migration.to}`)
	if (plan.verdict === "UpToDate") return upToDate(observation, plan)
	if (plan.verdict !== "Ready") return refusal(plan)
	if (migration?.state === "RolledBack")
		return not(
			reasons.rolledBack,
			`${migration.message ?? "rolled back"}; change the MeshProfile or this MeshBinding to try again`,
		)
	if (plan.steps.length === 0) return not(reasons.notEnrolled, leftToPeople(plan))
	return waitingFor(observation, foughtOver(plan, status, now))
}

/** By what the last gate on metrics saw; a gate that holds has seen too little. */
function trafficVerified({profile}: Observation, migration: Migration | undefined): Observed {
	const gates = profile?.spec.migration?.gates
	const {latest, baseline} = migration?.traffic ?? {}
	const unknown = (message: string) => say("TrafficVerified", "Unknown", reasons.noEvidence, message)
	if (gates?.prometheus === undefined) return unknown("no traffic metrics are read")
	if (latest === undefined) return unknown("no gate on metrics was judged yet")
	const {verdict, message} = judgeSides(gates, latest.sides ?? [], baseline)
	const when = `${message}, in ${latest.seconds} s until ${latest.measuredAt}`
	if (verdict === "hold") return unknown(when)
	return verdict === "pass"
		? say("TrafficVerified", "True", reasons.verified, when)
		: say("TrafficVerified", "False", reasons.notVerified, when)
}

/** A namespace may be where it is to be while a pod that cannot move, such as a running Job's, ends elsewhere. */
function enrolled({workloads}: Observation, {verdict, from, to}: NamespacePlan): Observed {
	if (verdict !== "UpToDate" || to === null)
		return say("WorkloadsEnrolled", "False", reasons.notEnrolled, `the pods are on ${from.dataplane}`)
	const astray = workloads.find(({pods}) => pods.some(({is}) => is.counted && !isThere(is, to)))
	return astray === undefined
		? say("WorkloadsEnrolled", "True", reasons.enrolled, "every pod is proven")
		: say(
				"WorkloadsEnrolled",
				"False",
				reasons.notEnrolled,
				`${astray.ref} has pods that end where they began, not on ${to.dataplane}`,
			)
}

/** Also pods of what was scaled to zero run for a while: nothing is ready before they have gone. */
function upToDate({workloads}: Observation, {to, from}: NamespacePlan): Observed {
	const place = to ?? from
	const left = workloads
		.filter(({kind}) => kind !== "Job" && kind !== "CronJob")
		.flatMap(({pods}) => pods)
		.find(({is}) => is.counted && !isThere(is, place))
	return left === undefined
		? say("Ready", "True", reasons.upToDate, `on ${place.dataplane}`)
		: say(
				"Ready",
				"False",
				reasons.notEnrolled,
				`pod ${left.pod.metadata.name} still runs on ${left.is.dataplane}`,
			)
}

const leftToPeople = ({workloads}: NamespacePlan): string => {
	const manual = workloads.filter(({action}) => action === "Manual")
	const [first] = manual
	return first === undefined
		? "nothing is left to do for Heddle"
		: `${plural(manual.length, "workload")} left to the owners: ${first.ref}: ${first.reason}`
}

function refusal({verdict, reasons: why}: NamespacePlan): Observed {
	const severity = verdict === "Blocked" ? "block" : "accept"
	const worst = why.filter((reason) => reason.severity === severity)
	const [first] = worst
	const more = worst.length > 1 ? ` (and ${worst.length - 1} more in status.fit)` : ""
	const message =
		first === undefined
			? "no dataplane fits"
			: `${first.code}: ${first.message}${first.fix === undefined ? "" : ` ${first.fix}`}${more}`
	return say("Ready", "False", verdict === "Blocked" ? reasons.blocked : reasons.needsAcceptance, message)
}

function waitingFor(observation: Observation, fought: string | undefined): Observed {
	const {profile, binding} = observation
	const not = (reason: Observed["reason"], message: string) => say("Ready", "False", reason, message)
	if (profile?.spec.paused) return not(reasons.paused, "the MeshProfile is paused")
	if (binding?.spec?.hold) return not(reasons.held, "spec.hold of this MeshBinding is true")
	if (awaitsApproval(observation))
		return not(reasons.awaitingApproval, `set spec.approved to ${profile?.metadata.generation} to start`)
	if (fought !== undefined)
		return not(
			reasons.contested,
			`another writer keeps undoing ${fought}; stop it or give it these keys, then change the MeshProfile or this MeshBinding to try again`,
		)
	return not(reasons.migrating, "about to start")
}

const selectionCodes: ReadonlySet<string> = new Set([
	"ProfileTie",
	"ControlPlaneNamespace",
	"NamespaceTerminating",
])

function accepted({reasons: why}: NamespacePlan): Observed {
	const refused = why.find(({code}) => selectionCodes.has(code))
	if (refused === undefined)
		return say(
			"Accepted",
			"True",
			reasons.accepted,
			noted("this profile decides for the namespace", {reasons: why}, idleAcceptance),
		)
	return say(
		"Accepted",
		"False",
		refused.code === "ProfileTie" ? reasons.profileTie : reasons.invalid,
		refused.message,
	)
}

const fits = ({to, verdict, reasons: why}: NamespacePlan): Observed => {
	if (to !== null && verdict !== "Blocked")
		return say("FitResolved", "True", reasons.fits, `${to.dataplane} carries what is in use`)
	return say(
		"FitResolved",
		"False",
		reasons.nothingFits,
		why.find(({severity}) => severity === "block")?.message ?? "no dataplane fits",
	)
}

const healthCodes: ReadonlyMap<string, Observed["reason"]> = new Map([
	["DataplaneNotInstalled", reasons.notInstalled],
	["DataplaneNotSupported", reasons.notInstalled],
	["RevisionNotFound", reasons.notInstalled],
	["ControlPlaneUnhealthy", reasons.unhealthy],
	["ControlPlaneDegraded", reasons.unhealthy],
])

function dataplaneReady({to, reasons: why}: NamespacePlan): Observed {
	const problem = why.find(({code}) => healthCodes.has(code))
	if (problem !== undefined)
		return say("DataplaneReady", "False", healthCodes.get(problem.code) ?? reasons.unhealthy, problem.message)
	if (to === null) return say("DataplaneReady", "Unknown", reasons.nothingFits, "no dataplane was chosen")
	return say("DataplaneReady", "True", reasons.healthy, `${to.dataplane} is installed and healthy`)
}

/** kstatus: Reconciling while the operator works by itself, Stalled while only a person can change anything. */
function progressing(ready: Observed, migration: Migration | undefined): readonly Observed[] {
	if (ready.status === "True") return []
	const works = isActive(migration) && migration.state !== "Holding"
	return [
		say(
			works || ready.reason === reasons.migrating ? "Reconciling" : "Stalled",
			"True",
			ready.reason,
			ready.message,
		),
	]
}
