import type {Feature} from "../../../profiles/features.ts"
import {isUnmeshed} from "../../../profiles/interop.ts"
import {isReady} from "../../../profiles/pods.ts"
import {refOf} from "../../../profiles/snapshot/object.ts"
import {type Observation as Observed, reasons, say} from "../../api/conditions.ts"
import {isEmpty} from "../../plan/enrolment.ts"
import {isRuntimeKey} from "../../plan/runtimes.ts"
import type {NamespacePlan, Step} from "../../plan/types.ts"
import type {SeenPod, Workload} from "../../plan/workloads/collect.ts"
import {isoTime} from "../iso-time.ts"
import type {Observation} from "./observation.ts"
import type {BindingStatus} from "./record.ts"
import {isThere} from "./rollout.ts"

/*
 * What has to stay so once a namespace has arrived. A breach is told whether or not something is done about it; what
 * is done is what any plan does: a step under the same gates, with the same way back. That is safe for keys and for
 * pods that their owner makes anew. Nobody repairs what a person would have to give up for it (a bare pod, a running
 * Job), what another writer keeps undoing, or the agent of a node.
 */

const invariants = ["captured", "strict", "declared"] as const
type Invariant = (typeof invariants)[number]

export type Breach = {
	readonly invariant: Invariant
	readonly object: string
	/** What is so, and what becomes of it. */
	readonly message: string
}

type Watched = NonNullable<BindingStatus["watched"]>

/** Where the namespace has arrived: taken down when all is proven, given up when it is to be somewhere else. */
export function watchedNow(
	watched: Watched | undefined,
	{to, verdict}: NamespacePlan,
	{conditions, now}: {readonly conditions: readonly {type: string; status: string}[]; readonly now: number},
): Watched | undefined {
	if (to === null) return watched
	if (watched !== undefined && isThere(watched, to)) return watched
	const arrived =
		verdict === "UpToDate" && conditions.some(({type, status}) => type === "Ready" && status === "True")
	if (!arrived) return undefined
	return {
		dataplane: to.dataplane,
		...(to.revision === undefined ? {} : {revision: to.revision}),
		since: isoTime(now),
	}
}

/** What departs from where the namespace has arrived; nothing while it is to be elsewhere. */
export function breachesOf(observation: Observation, {watched, migration}: BindingStatus): readonly Breach[] {
	const {plan, binding, workloads} = observation
	const returns = binding?.spec?.target === "Previous" || migration?.state === "RollingBack"
	if (watched === undefined || plan === undefined || returns) return []
	if (plan.to !== null && !isThere(watched, plan.to)) return []
	const pods = workloads.flatMap((workload) => astray(workload, watched, plan))
	const known = new Set(pods.map(({owner}) => owner))
	return [...pods.map(({breach}) => breach), ...drifted(plan, known)]
}

/** For a gauge: how many of each, none among them; undefined where nothing is watched. */
export function breachCounts(
	observation: Observation,
	status: BindingStatus,
): ReadonlyMap<Invariant, number> | undefined {
	if (observation.binding === undefined || status.watched === undefined) return undefined
	const breaches = breachesOf(observation, status)
	return new Map(
		invariants.map((one) => [one, breaches.filter(({invariant}) => invariant === one).length] as const),
	)
}

type Found = {readonly owner: string; readonly breach: Breach}

function astray(workload: Workload, watched: Watched, plan: NamespacePlan): readonly Found[] {
	return workload.pods
		.filter(({pod, is}) => is.counted && isReady(pod) && !endsByItself(workload, pod, watched))
		.flatMap((seen) => {
			const breach = judge(seen, watched, plan)
			if (breach === undefined) return []
			const message = `${breach.message} ${repair(workload.ref, plan)}`
			return [{owner: workload.ref, breach: {...breach, object: refOf(seen.pod), message}}]
		})
}

/** A Job's pod that began before ends where it began. */
const endsByItself = ({kind}: Workload, {metadata}: SeenPod["pod"], {since}: Watched): boolean =>
	(kind === "Job" || kind === "CronJob") && (metadata.creationTimestamp ?? "") <= since

function judge({is}: SeenPod, watched: Watched, plan: NamespacePlan): Omit<Breach, "object"> | undefined {
	if (isThere(is, watched))
		return is.ready
			? undefined
			: {invariant: "captured", message: `Nothing carries its traffic now: ${is.detail}`}
	if (isUnmeshed(is.dataplane) && !isUnmeshed(watched.dataplane) && isStrict(plan))
		return {
			invariant: "strict",
			message: `It is in no mesh, and this namespace refuses plaintext: ${is.detail}`,
		}
	return {
		invariant: "captured",
		message: `It is on ${is.dataplane}, not on ${watched.dataplane}: ${is.detail}`,
	}
}

const uses = ({features}: NamespacePlan, wanted: readonly Feature[]): boolean =>
	features.some(({name}) => wanted.includes(name))

const isStrict = (plan: NamespacePlan): boolean => uses(plan, ["MTLSStrict"])

/** What the plan makes of the workload behind it. */
function repair(ref: string, {workloads, verdict}: NamespacePlan): string {
	const planned = workloads.find((one) => one.ref === ref)
	if (planned?.action === "Roll")
		return verdict === "Ready"
			? "Its workload is rolled anew."
			: "Its workload has to be rolled anew, and the plan waits for a person: see Ready."
	if (planned?.action === "Manual") return `That is left to a person: ${planned.reason}.`
	return "Heddle cannot put that right: look at the agent of its node, or make the pod anew."
}

const ownKeys = ({keys}: Step): boolean =>
	keys !== undefined &&
	!isEmpty(keys) &&
	[...Object.keys(keys.labels), ...Object.keys(keys.annotations)].some((key) => !isRuntimeKey(key))

/** Keys that lead the next pods elsewhere, where no pod has told it yet. */
function drifted({steps, workloads}: NamespacePlan, known: ReadonlySet<string>): readonly Breach[] {
	const changed = steps.filter(
		(step) => step.object !== undefined && !known.has(step.object) && ownKeys(step),
	)
	return changed
		.filter(({object = ""}) => object.startsWith("Namespace/") || workloads.some(({ref}) => ref === object))
		.map(({object = "", keys}) => ({
			invariant: "declared",
			object,
			message: `Its keys lead the next pods elsewhere: ${named(keys)}. They are set again, unless another writer keeps undoing it.`,
		}))
}

const named = (keys: Step["keys"]): string =>
	[...Object.entries(keys?.labels ?? {}), ...Object.entries(keys?.annotations ?? {})]
		.map(([key, value]) => (value === null ? `${key} ought not to be there` : `${key} ought to be ${value}`))
		.join(", ")

const said: Readonly<Record<Invariant, Observed["reason"]>> = {
	strict: reasons.unmeshed,
	captured: reasons.captureLost,
	declared: reasons.drifted,
}

/** The gravest first. */
const order: readonly Invariant[] = ["strict", "captured", "declared"]

/** What breaches make of the condition WorkloadsEnrolled; undefined without one. */
export function broken(breaches: readonly Breach[]): Observed | undefined {
	const [first] = breaches.toSorted((a, b) => order.indexOf(a.invariant) - order.indexOf(b.invariant))
	if (first === undefined) return undefined
	const more = breaches.length > 1 ? ` (and ${breaches.length - 1} more)` : ""
	return say("WorkloadsEnrolled", "False", said[first.invariant], `${first.object}: ${first.message}${more}`)
}

const rules: readonly Feature[] = [
	"MTLSStrict",
	"L4Authorization",
	"L7Authorization",
	"ExplicitDeny",
	"JWTAuthentication",
]

/** A pod that nothing captures has nothing that enforces a policy before it. */
export function unenforced(breaches: readonly Breach[], plan: NamespacePlan): Observed | undefined {
	const bare = breaches.find(({invariant}) => invariant !== "declared")
	return bare === undefined || !uses(plan, rules)
		? undefined
		: say(
				"EnforcementVerified",
				"False",
				reasons.notVerified,
				`${bare.object} is not captured: the policies of this namespace do not hold for it`,
			)
}
