import type {MeshProfile} from "../../../../crds/generated.ts"
import type {Dataplane} from "../../../../profiles/dataplane.ts"
import {selects} from "../../../../profiles/pods.ts"
import type {Custom} from "../../../../profiles/snapshot/shapes.ts"
import type {Snapshot} from "../../../../profiles/snapshot/snapshot.ts"
import {extensionKinds} from "../../../../profiles/wasm-hosts/kinds.ts"
import {twinsOf, type Workload, workloadsOf} from "../../../plan/workloads/collect.ts"
import {twinSuffix} from "../../../plan/workloads/twins.ts"
import type {AskedModules} from "../../../prometheus/read-modules.ts"
import {isFinished, type Migration, type StepRecord} from "../record.ts"
import {objectAt} from "../touched.ts"
import {parseRef} from "../workload.ts"

/** Where a module is judged: on a copy of a workload, or on all pods that it has come to. */
type Trial = {readonly pods: Workload["pods"]; readonly others: Workload["pods"]; readonly isCopy: boolean}

type Around = {
	readonly snapshot: Snapshot
	readonly namespace: string
	readonly dataplanes: readonly Dataplane[]
}

/** A gate or a soak about an object of a canary; undefined for every other step. */
export const isTrial = ({action, object}: StepRecord): boolean =>
	(action === "Gate" || action === "Soak") &&
	object !== undefined &&
	(parseRef(object).name.endsWith(twinSuffix) || isExtension(object))

const isExtension = (ref: string): boolean => extensionKinds.some(({kind}) => kind === parseRef(ref).kind)

/** The pods that a step is about, and those that they are compared with. */
export function trialOf(ref: string, {snapshot, namespace, dataplanes}: Around): Trial {
	const all = workloadsOf(snapshot, namespace, dataplanes)
	if (!isExtension(ref)) {
		const copy = twinsOf(snapshot, namespace, dataplanes).find((one) => one.ref === ref)
		const original = all.find((one) => one.ref === ref.slice(0, -twinSuffix.length))
		return {pods: copy?.pods ?? [], others: original?.pods ?? [], isCopy: true}
	}
	const {selector} = ((objectAt(snapshot, ref) as Custom | undefined)?.spec ?? {}) as {
		selector?: {matchLabels?: Readonly<Record<string, string>>}
	}
	const pods = all
		.flatMap((one) => one.pods)
		.filter(({pod, is}) => is.counted && selects(selector, pod.metadata.labels ?? {}))
	return {pods, others: pods, isCopy: false}
}

/** Counters need two samples to tell of an increase. */
const shortestSeconds = 15
const longestSeconds = 300
/** From the change of an object to the step that looks at what it did. */
const slackSeconds = 30

export type ModulesAsked = AskedModules & {readonly address: string}

type Given = Around & {
	readonly migration: Migration | undefined
	readonly profile: MeshProfile | undefined
	/** Milliseconds since 1970. */
	readonly now: number
}

/** What to ask Prometheus for before the step that is due can be judged; undefined when nothing is to be asked. */
export function modulesAsked({migration, profile, now, ...around}: Given): ModulesAsked | undefined {
	const address = profile?.spec.migration?.gates?.prometheus?.address
	const judging = migration?.state === "Running" || migration?.state === "Holding"
	const step = judging ? migration.steps?.find((one) => !isFinished(one)) : undefined
	if (address === undefined || step?.object === undefined || !isTrial(step)) return undefined
	const {pods, others, isCopy} = trialOf(step.object, around)
	if (pods.length === 0) return undefined
	const began = Date.parse(step.startedAt ?? "") || now
	const seconds = clamped(Math.round((now - began) / 1_000))
	const {namespace} = around
	const names = (of: Trial["pods"]) => of.map(({pod}) => pod.metadata.name)
	return {
		address,
		pods: {namespace, pods: names(pods), seconds},
		others: {namespace, pods: names(others), seconds, ...(isCopy ? {} : {before: seconds})},
		since: (isCopy ? ageOf(pods, now) : seconds) + slackSeconds,
	}
}

const clamped = (seconds: number): number => Math.min(Math.max(seconds, shortestSeconds), longestSeconds)

/** In whole seconds, as a query wants them. */
function ageOf(pods: Trial["pods"], now: number): number {
	const born = pods.map(({pod}) => Date.parse(pod.metadata.creationTimestamp ?? "") || now)
	return Math.ceil(Math.max(0, now - Math.min(...born)) / 1_000)
}
