import type {Dataplane} from "../../../profiles/dataplane.ts"
import {type Observation, reasons, setConditions} from "../../api/conditions.ts"
import {MeshBinding} from "../../api/kinds.ts"
import {bindingName} from "../../api/names.ts"
import {isRefusedAtAdmission} from "../../kube/admission.ts"
import {isConflict, isForbidden, isKubeError, type KubeError} from "../../kube/errors.ts"
import {explain} from "../../kube/explain.ts"
import type {Controller, ReconcileContext, Result} from "../../runtime/types.ts"
import {isoTime} from "../iso-time.ts"
import {sameStatus} from "../same-status.ts"
import type {Transition} from "./actions.ts"
import {carryOut, storeStatus, type Writer} from "./apply.ts"
import {ChangeBudget, podsChanged} from "./change-budget.ts"
import {decide} from "./decide.ts"
import {FactsCache} from "./facts-cache.ts"
import type {Pass} from "./forward.ts"
import {needsOf, observe, readExtra, readPreImages, type Seen} from "./observe.ts"
import {mayForget, outdated} from "./pre-image.ts"
import type {BindingStatus} from "./record.ts"
import {nextStatus} from "./status.ts"
import {View} from "./view.ts"
import {breachCounts} from "./watched.ts"
import {concerned, watchesOf} from "./watches.ts"

export type BindingOptions = {
	readonly dataplanes: readonly Dataplane[]
	/** Namespaces that are worked on at the same time; each is a migration of its own. */
	readonly workers: number
	/** Pods that may be replaced per second, of all namespaces together. */
	readonly podChangesPerSecond: number
	/** Told of every migration that ended, and how. */
	readonly ended: (state: string) => void
	/** Told how many of each invariant are broken in a namespace, or that it is watched no more. */
	readonly watched: (namespace: string, counts: ReadonlyMap<string, number> | undefined) => void
}

/** A pass that still asks for writes after this many rounds is cut and looked at again later. */
const maxRounds = 32

/** One reconcile of one namespace: what it was given, and what it has found out so far. */
type Session = {
	readonly namespace: string
	readonly view: View
	readonly writer: Writer
	readonly context: ReconcileContext
	status: BindingStatus
	stored: BindingStatus | undefined
	readonly told: Transition[]
}

/** Keeps the MeshBinding of every selected namespace, and moves the namespace to where its profile wants it. */
export function bindingController(options: BindingOptions): Controller {
	const facts = new FactsCache(options.dataplanes, () => performance.now())
	const budget = new ChangeBudget({
		perSecond: options.podChangesPerSecond,
		now: () => performance.now(),
	})
	return {
		name: "meshbinding",
		workers: options.workers,
		timeoutMs: 60_000,
		resyncMs: 600_000,
		watches: watchesOf(options.dataplanes, facts),
		keys: concerned,
		reconcile: (namespace, context) => reconcile({namespace, context, options, facts, budget}),
	}
}

type Args = {
	readonly namespace: string
	readonly context: ReconcileContext
	readonly options: BindingOptions
	readonly facts: FactsCache
	readonly budget: ChangeBudget
}

async function reconcile(args: Args): Promise<Result | undefined> {
	const {namespace, context, facts} = args
	await facts.warm(context.snapshot)
	const view = new View(context.snapshot, facts.era())
	const stored = view.get(MeshBinding, bindingName, namespace)?.status
	const writer = {client: context.client, namespace, view, signal: context.signal}
	const session: Session = {namespace, view, writer, context, status: stored ?? {}, stored, told: []}
	try {
		return await rounds(session, args)
	} catch (error) {
		await tellFailure(session, error)
		throw error
	} finally {
		tell(session)
	}
}

/** observe → decide → act, until nothing is left to do now; then the status, once. */
async function rounds(session: Session, {options, facts, budget}: Args): Promise<Result | undefined> {
	const {namespace, view, writer, context} = session
	const {client, clock} = context
	let seen: Seen | undefined
	for (let round = 0; round < maxRounds; round++) {
		const now = clock.now()
		const extra = await readExtra({view, namespace, dataplanes: options.dataplanes}, session.status, {
			client,
			signal: context.signal,
			now,
		})
		const scene = {view, namespace, dataplanes: options.dataplanes, facts: facts.get(context.snapshot)}
		const observation = observe(scene, session.status, extra, seen)
		const before = session.status
		const pass = decide(observation, now)
		session.status = pass.status
		session.told.push(...pass.transitions)
		const changed = !sameStatus(before, pass.status)
		if (before.migration?.state !== pass.status.migration?.state) await onChange(session, options)
		if (pass.recordFirst) await store(session, nextStatus(observation, pass.status, now))
		const waitMs = afford(budget, pass)
		if (waitMs > 0) return {requeueAfterMs: waitMs}
		for (const action of pass.actions) {
			context.log.debug("write", {action: action.type})
			await carryOut(action, writer)
		}
		if (pass.actions.length === 0 && !changed) {
			await store(session, nextStatus(observation, pass.status, now))
			options.watched(namespace, breachCounts(observation, session.status))
			return waitFor(pass, now)
		}
		// Where nothing was written or read meanwhile, the next round looks at the same moment.
		const needs = needsOf({view, namespace}, session.status)
		const waited = pass.actions.length > 0 || pass.recordFirst || Object.values(needs).some(Boolean)
		seen = waited ? undefined : observation
	}
	return {requeueAfterMs: 1_000}
}

/**
 * What is recorded as begun and not written yet is found again by the next pass. The way back never waits: until it is
 * through, somebody's requests fail.
 */
function afford(budget: ChangeBudget, {actions, status}: Pass): number {
	const pods = podsChanged(actions)
	if (status.migration?.state !== "RollingBack") return budget.take(pods)
	budget.spend(pods)
	return 0
}

/** What ends a migration also ends the need for pre-images that nothing can ask for any more. */
async function onChange({namespace, status, writer}: Session, {ended}: BindingOptions): Promise<void> {
	const {migration} = status
	if (migration?.finishedAt === undefined) return
	ended(migration.state)
	if (!mayForget(migration)) return
	const images = outdated(await readPreImages(namespace, writer), migration.id)
	if (images.length > 0) await carryOut({type: "forget", images}, writer)
}

const waitFor = ({wakeAtMs}: Pass, now: number): Result | undefined =>
	wakeAtMs === undefined ? undefined : {requeueAfterMs: Math.max(wakeAtMs - now, 50)}

async function store(session: Session, status: BindingStatus): Promise<void> {
	const binding = session.view.get(MeshBinding, bindingName, session.namespace)
	session.status = status
	if (
		binding === undefined ||
		binding.metadata.deletionTimestamp !== undefined ||
		sameStatus(session.stored, status)
	)
		return
	await storeStatus(session.writer, status)
	session.stored = status
}

/** Events only after what they tell of is stored, so that a failed write cannot tell it twice. */
function tell({view, namespace, told, context}: Session): void {
	const binding = view.get(MeshBinding, bindingName, namespace)
	if (binding === undefined) return
	for (const {type, reason, action, note} of told.splice(0))
		context.event({regarding: binding, type, reason, action, message: note})
}

function reasonOf(error: KubeError): Observation["reason"] {
	if (isRefusedAtAdmission(error)) return reasons.refused
	return isForbidden(error) ? reasons.forbidden : reasons.apiFailure
}

/** A person reads the status, not the operator's log: what the API server refused stands there too. */
async function tellFailure(session: Session, error: unknown): Promise<void> {
	session.told.length = 0
	if (!isKubeError(error) || isConflict(error) || session.context.signal.aborted) return
	const {message, next} = explain(error) ?? {message: String(error), next: ""}
	const conditions = setConditions({
		previous: session.stored?.conditions as Parameters<typeof setConditions>[0]["previous"],
		observed: [
			{
				type: "Ready",
				status: "False",
				reason: reasonOf(error),
				message: `${message}. ${next}`,
			},
		],
		generation: session.view.get(MeshBinding, bindingName, session.namespace)?.metadata.generation,
		now: isoTime(session.context.clock.now()),
	})
	// What is stored stays the record; only the condition is new. If even that fails, the log has it.
	await store(session, {...(session.stored ?? {}), conditions}).catch(() => undefined)
}
