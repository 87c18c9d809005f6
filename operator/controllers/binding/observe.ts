import type {MeshProfile} from "../../../crds/generated.ts"
import type {Dataplane} from "../../../profiles/dataplane.ts"
import {Namespace, namespaced} from "../../../profiles/snapshot/kinds.ts"
import type {KubeObject} from "../../../profiles/snapshot/object.ts"
import {callViews} from "../../../profiles/traffic/calls.ts"
import {MeshBinding as MeshBindingKind, MeshProfile as MeshProfileKind} from "../../api/kinds.ts"
import {bindingName, managedBy, labels as names} from "../../api/names.ts"
import type {Client} from "../../kube/types.ts"
import {keysToChange} from "../../plan/enrolment.ts"
import type {ClusterFacts, Installed} from "../../plan/facts.ts"
import {planNamespace} from "../../plan/plan.ts"
import {select} from "../../plan/select.ts"
import type {NamespacePlan} from "../../plan/types.ts"
import {workloadsOf} from "../../plan/workloads/collect.ts"
import {readCalls} from "../../prometheus/read-calls.ts"
import {readModules} from "../../prometheus/read-modules.ts"
import {readTraffic} from "../../prometheus/read-traffic.ts"
import {ControllerRevision} from "./apply.ts"
import {type CallsAsked, callsAsked} from "./calls.ts"
import {type ModulesAsked, modulesAsked} from "./canary/asked.ts"
import {detour} from "./course.ts"
import type {Observation, Warning} from "./observation.ts"
import {preImageOf} from "./pre-image.ts"
import {type BindingStatus, isActive, isFinished, type Migration, type StepRecord} from "./record.ts"
import {type TrafficAsked, trafficAsked} from "./traffic-asked.ts"
import type {View} from "./view.ts"

/** What the caches do not hold, read from the API server because the next decision hinges on it. */
export type Extra = Pick<Observation, "preImages" | "warnings" | "traffic" | "modules" | "calls">

export type Scene = {
	readonly view: View
	readonly namespace: string
	readonly dataplanes: readonly Dataplane[]
	readonly facts: ClusterFacts
}

/** Which profile decides: of several that are tied, the first stands for them all, and the plan says so. */
function deciding(view: View, namespace: string): MeshProfile | undefined {
	const object = view.get(Namespace, namespace)
	const {winner, tied} = select(object?.metadata.labels, view.list(MeshProfileKind))
	return winner ?? tied[0]
}

/** What of an observation holds as long as nothing but the status has moved on. */
export type Seen = Pick<Observation, "plan" | "workloads">

/** Gathers one moment. Synchronous: what it reads belongs together. `seen` is of the same moment, where there is one. */
export function observe(
	{view, namespace, dataplanes, facts}: Scene,
	status: BindingStatus,
	extra: Extra,
	seen?: Seen,
): Observation {
	const profile = deciding(view, namespace)
	const stored = view.get(MeshBindingKind, bindingName, namespace)
	const former = stored?.metadata.labels?.[names.profile]
	const profiles = view.list(MeshProfileKind)
	const plan = seen
		? seen.plan
		: profile && planNamespace({snapshot: view, profiles, dataplanes, namespace, facts})
	const turnsLater = detour({profile, binding: stored, plan}, status.migration) !== undefined
	const target = targetOf(status.migration, turnsLater ? undefined : plan, facts)
	const installed = new Set(facts.installed.map(({dataplane}) => dataplane.name))
	return {
		namespace,
		snapshot: view,
		dataplanes,
		binding: stored && {...stored, status},
		profile,
		former: former === undefined ? undefined : view.get(MeshProfileKind, former),
		plan,
		workloads: seen?.workloads ?? workloadsOf(view, namespace, dataplanes),
		keysFor: target && ((level, present) => keysToChange({level, present, target, dataplanes, installed})),
		...extra,
	}
}

/** A migration that is under way keeps its goal also while the plan is refused: what rolls still has to be judged. */
function targetOf(
	migration: Migration | undefined,
	plan: NamespacePlan | undefined,
	{installed}: ClusterFacts,
): Installed | undefined {
	const planned = plan?.to ?? undefined
	const to =
		planned ??
		(isActive(migration) && migration.to !== undefined
			? {dataplane: migration.to, revision: migration.revision}
			: undefined)
	return (
		to &&
		installed.find(
			({dataplane, installation}) =>
				dataplane.name === to.dataplane &&
				(to.revision === undefined || installation.revision === to.revision),
		)
	)
}

export type Reading = {readonly client: Client; readonly signal: AbortSignal}

export type Needs = {readonly preImages: boolean; readonly warnings: boolean}

/** What a decision needs beyond the caches: for going back, for judging a gate; nothing in the steady state. */
export function needsOf(
	{view, namespace}: Pick<Scene, "view" | "namespace">,
	{migration}: BindingStatus,
): Needs {
	const binding = view.get(MeshBindingKind, bindingName, namespace)
	if (binding === undefined) return {preImages: false, warnings: false}
	const returns =
		migration?.state === "RollingBack" ||
		(binding.spec?.target === "Previous" && migration !== undefined && migration.state !== "RolledBack") ||
		deciding(view, namespace) === undefined ||
		binding.metadata.deletionTimestamp !== undefined
	const judging = migration?.state === "Running" || migration?.state === "Holding"
	const step = judging ? migration.steps?.find((one) => !isFinished(one)) : undefined
	return {preImages: returns, warnings: step !== undefined && (isJudged(step) || isUntold(step))}
}

const isJudged = ({action}: StepRecord): boolean => action === "Gate" || action === "Soak"

/** A Deployment says in its status that its pods are refused; of these nothing but Events tell. */
const isUntold = ({action, state, object = ""}: StepRecord): boolean =>
	action === "Roll" && state === "Running" && /^(StatefulSet|DaemonSet)\//.test(object)

export async function readExtra(
	scene: Pick<Scene, "view" | "namespace" | "dataplanes">,
	status: BindingStatus,
	{now, ...reading}: Reading & {readonly now: number},
): Promise<Extra> {
	const needs = needsOf(scene, status)
	const asked = metricsOf(scene, status, now)
	const ordered = orderAsked(scene, status)
	const tried = trialAsked(scene, status, now)
	return {
		preImages: needs.preImages ? await readPreImages(scene.namespace, reading) : undefined,
		warnings: needs.warnings ? await readWarnings(scene.namespace, reading) : undefined,
		modules: tried && (await readModules({address: tried.address, signal: reading.signal}, tried)),
		traffic: asked && (await readMetrics(asked, scene.namespace, {now, signal: reading.signal})),
		calls: ordered && (await readOrder(ordered, scene.namespace, reading.signal)),
	}
}

/** What to ask Prometheus for before the step that is due is judged. */
export function metricsOf(
	{view, namespace, dataplanes}: Pick<Scene, "view" | "namespace" | "dataplanes">,
	{migration}: BindingStatus,
	now: number,
): TrafficAsked | undefined {
	return trafficAsked({migration, profile: deciding(view, namespace), dataplanes, now})
}

/** What to ask Prometheus for before a module is judged. */
export function trialAsked(
	{view, namespace, dataplanes}: Pick<Scene, "view" | "namespace" | "dataplanes">,
	{migration}: BindingStatus,
	now: number,
): ModulesAsked | undefined {
	return modulesAsked({
		migration,
		profile: deciding(view, namespace),
		snapshot: view,
		namespace,
		dataplanes,
		now,
	})
}

/** What to ask Prometheus for before the order of the workloads is settled. */
export function orderAsked(
	{view, namespace}: Pick<Scene, "view" | "namespace">,
	status: BindingStatus,
): CallsAsked | undefined {
	const isThere = view.get(MeshBindingKind, bindingName, namespace) !== undefined
	return isThere ? callsAsked(deciding(view, namespace), status) : undefined
}

const readOrder = ({address, seconds}: CallsAsked, namespace: string, signal: AbortSignal) =>
	readCalls({address, views: callViews, signal}, {namespace, seconds})

/** A sample from before the window tells of another time. */
const readMetrics = (
	{seconds, ...asked}: TrafficAsked,
	namespace: string,
	moment: {readonly now: number; readonly signal: AbortSignal},
) => readTraffic({...asked, ...moment, staleAfter: Math.min(seconds, freshSeconds)}, {namespace, seconds})

/** Twice the longest interval at which people let Prometheus scrape. */
const freshSeconds = 120

export async function readPreImages(namespace: string, {client, signal}: Reading) {
	const labelSelector = `${names.migration},${names.managedBy}=${managedBy}`
	const {items} = await client.list(ControllerRevision, {namespace, labelSelector, signal})
	return items.map(preImageOf).filter((image) => image !== undefined)
}

type EventObject = KubeObject & {
	readonly type?: string
	readonly reason?: string
	readonly note?: string
	readonly eventTime?: string | null
	readonly deprecatedLastTimestamp?: string | null
	readonly regarding?: {readonly kind?: string; readonly name?: string}
}
const Event = namespaced<EventObject>("events.k8s.io", "v1", "Event", "events")

/** Warnings that tell of pods that could not be made or were not captured. */
const tellingReasons: ReadonlySet<string> = new Set([
	"FailedCreate",
	"FailedCreatePodSandBox",
	"InjectionSkipped",
	"BackOff",
])

async function readWarnings(namespace: string, {client, signal}: Reading): Promise<readonly Warning[]> {
	const {items} = await client.list(Event, {namespace, fieldSelector: "type=Warning", signal})
	return items
		.filter(({reason}) => tellingReasons.has(reason ?? ""))
		.map(({metadata, reason = "", note = "", regarding, eventTime, deprecatedLastTimestamp}) => ({
			reason,
			note,
			object: `${regarding?.kind}/${namespace}/${regarding?.name}`,
			at: (eventTime ?? deprecatedLastTimestamp ?? metadata.creationTimestamp ?? "").slice(0, 19).concat("Z"),
		}))
}
