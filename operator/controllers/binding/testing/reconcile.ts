import type {MeshBinding as Binding} from "../../../../crds/generated.ts"
import {dataplanes} from "../../../../profiles/registry.ts"
import {clusterFacts} from "../../../plan/facts.ts"
import type {CallsReading} from "../../../prometheus/read-calls.ts"
import type {ModulesReading} from "../../../prometheus/read-modules.ts"
import type {TrafficReading} from "../../../prometheus/read-traffic.ts"
import {isoTime} from "../../iso-time.ts"
import {sameStatus} from "../../same-status.ts"
import type {Action, Transition} from "../actions.ts"
import {decide} from "../decide.ts"
import type {Observation, Warning} from "../observation.ts"
import {type Extra, metricsOf, needsOf, observe, orderAsked, trialAsked} from "../observe.ts"
import {mayForget, outdated, preImageOf} from "../pre-image.ts"
import type {BindingStatus} from "../record.ts"
import {nextStatus} from "../status.ts"
import {View} from "../view.ts"
import {bindingRef, carryOut, storeStatus} from "./act.ts"
import type {SimCluster} from "./cluster.ts"

/** One write, as the API server sees it. */
export type Write =
	| {readonly type: "action"; readonly action: Action}
	| {readonly type: "status"; readonly status: BindingStatus}

export type Run = {
	readonly cluster: SimCluster
	readonly namespace: string
	/** Warnings of the cluster that a gate would read. */
	readonly warnings?: readonly Warning[]
	/** What Prometheus would answer at a time, in milliseconds since 1970. */
	readonly traffic?: (now: number) => TrafficReading
	/** What Prometheus would answer of a module on the pods that are asked for. */
	readonly modules?: (pods: readonly string[], now: number) => ModulesReading
	/** What Prometheus would answer who asks for calls. */
	readonly calls?: CallsReading
	/** Called before each write; what it throws is the operator's death. */
	readonly before?: (write: Write) => void
	readonly after?: (write: Write) => void
	readonly told?: (transition: Transition) => void
}

/** Rounds after which the controller cuts a pass. */
const maxRounds = 32

export class Endless extends Error {}

const statusOf = (cluster: SimCluster, namespace: string): BindingStatus | undefined =>
	(cluster.find(bindingRef(namespace)) as Binding | undefined)?.status

export function observed(run: Run, status: BindingStatus): Observation {
	const {cluster, namespace} = run
	const view = new View(cluster.snapshot, {})
	const scene = {view, namespace, dataplanes, facts: clusterFacts(view, dataplanes)}
	return observe(scene, status, extraOf(run, view, status))
}

function extraOf(
	{cluster, namespace, warnings = [], traffic, modules, calls}: Run,
	view: View,
	status: BindingStatus,
): Extra {
	const needs = needsOf({view, namespace}, status)
	const tried = trialAsked({view, namespace, dataplanes}, status, cluster.now)
	return {
		modules: tried && modules?.(tried.pods.pods, cluster.now),
		preImages: needs.preImages ? preImages(cluster) : undefined,
		warnings: needs.warnings ? warnings.filter(({at}) => at <= isoTime(cluster.now)) : undefined,
		traffic: metricsOf({view, namespace, dataplanes}, status, cluster.now) && traffic?.(cluster.now),
		calls: orderAsked({view, namespace}, status) && calls,
	}
}

const preImages = (cluster: SimCluster) =>
	cluster.objects
		.filter(({kind}) => kind === "ControllerRevision")
		.map(preImageOf)
		.filter((image) => image !== undefined)

/** What one reconcile knows: the status of this pass, the one that is stored, and how often it wrote. */
type Session = {status: BindingStatus; stored: BindingStatus | undefined; writes: number}

/** One reconcile as the controller does it: rounds of observe, decide and act, then the status. */
export function reconcile(run: Run): {readonly wakeAtMs: number | undefined; readonly writes: number} {
	const {cluster, namespace} = run
	const stored = statusOf(cluster, namespace)
	const session: Session = {status: stored ?? {}, stored, writes: 0}
	for (let round = 0; round < maxRounds; round++) {
		const observation = observed(run, session.status)
		const before = session.status
		const pass = decide(observation, cluster.now)
		session.status = pass.status
		for (const transition of pass.transitions) run.told?.(transition)
		if (before.migration?.state !== pass.status.migration?.state) onChange(run, session)
		if (pass.recordFirst) store(run, session, nextStatus(observation, pass.status, cluster.now))
		for (const action of pass.actions) act(run, session, action)
		if (pass.actions.length === 0 && sameStatus(before, pass.status)) {
			store(run, session, nextStatus(observation, pass.status, cluster.now))
			return {wakeAtMs: pass.wakeAtMs, writes: session.writes}
		}
	}
	throw new Endless(`a pass still asks for writes after ${maxRounds} rounds`)
}

function onChange(run: Run, session: Session): void {
	const {migration} = session.status
	if (migration === undefined || !mayForget(migration)) return
	const images = outdated(preImages(run.cluster), migration.id)
	if (images.length > 0) act(run, session, {type: "forget", images})
}

function act(run: Run, session: Session, action: Action): void {
	write(run, session, {type: "action", action}, () => carryOut(run.cluster, run.namespace, action))
}

function store(run: Run, session: Session, status: BindingStatus): void {
	const {cluster, namespace} = run
	session.status = status
	const binding = cluster.find(bindingRef(namespace))
	const gone = binding === undefined || binding.metadata.deletionTimestamp !== undefined
	if (gone || sameStatus(session.stored, status)) return
	write(run, session, {type: "status", status}, () => storeStatus(cluster, namespace, status))
	session.stored = status
}

function write(run: Run, session: Session, one: Write, carry: () => void): void {
	run.before?.(one)
	carry()
	session.writes += 1
	run.after?.(one)
}
