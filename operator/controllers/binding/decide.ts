import {plural} from "../../../profiles/names.ts"
import {Namespace} from "../../../profiles/snapshot/kinds.ts"
import type {Namespace as NamespaceShape} from "../../../profiles/snapshot/shapes.ts"
import {finalizers, labels as names} from "../../api/names.ts"
import type {Action, NamespaceImages} from "./actions.ts"
import {imagesOf} from "./annotations.ts"
import {back, partitionThen} from "./back.ts"
import {recordedCalls} from "./calls.ts"
import {awaitsApproval, detour, leadsElsewhere} from "./course.ts"
import type {Pass} from "./forward.ts"
import {forward, impediment, resume} from "./forward.ts"
import {foughtOver} from "./fought-over.ts"
import {drop, keep, keptOn} from "./kept.ts"
import type {Observation} from "./observation.ts"
import type {NamespaceImage} from "./pre-image.ts"
import {imagesFor, namespaceImage, outdated} from "./pre-image.ts"
import type {BindingStatus, Migration} from "./record.ts"
import {begin, isActive, nextId, retarget} from "./record.ts"
import {objectAt} from "./touched.ts"

const nothing = (status: BindingStatus): Pass => ({status, actions: [], transitions: [], recordFirst: false})

/**
 * What to do next about one namespace: pure, and level-triggered, so that whoever comes after a crash decides the
 * same from what stands in the cluster.
 */
export function decide(observation: Observation, now: number): Pass {
	const {binding, profile, snapshot, namespace} = observation
	const status = binding?.status ?? {}
	const object = snapshot.get(Namespace, namespace)
	// A namespace that goes takes everything with it; holding it up would only be in its owner's way.
	if (object === undefined || object.metadata.deletionTimestamp !== undefined)
		return act(status, binding === undefined ? [] : [{type: "releaseBinding"}])
	if (profile === undefined) return isOurs(binding) ? leave(observation, status, now) : nothing(status)
	// Deleted by hand while a profile still wants it: let it go; the next pass makes it anew and finds what it knew.
	if (binding?.metadata.deletionTimestamp !== undefined)
		return act(status, [...keep(observation), {type: "releaseBinding"}])
	const adopted = binding === undefined ? undefined : adopt(object, status)
	if (adopted !== undefined) return adopted
	const ensure = ensureBinding(observation, now)
	if (ensure !== undefined) return act(status, [ensure])
	return binding?.spec?.target === "Previous"
		? goBack(observation, status, now)
		: goForward(observation, status, now)
}

/** One that somebody made by hand, in a namespace that nothing selects, is theirs to take away. */
const isOurs = (binding: Observation["binding"]): boolean =>
	binding?.metadata.labels?.[names.profile] !== undefined ||
	binding?.metadata.finalizers?.includes(finalizers.binding) === true

const act = (status: BindingStatus, actions: readonly Action[]): Pass => ({...nothing(status), actions})

/** Takes up the record of a binding that was deleted by hand; it is stored before it goes from the namespace. */
function adopt(object: NamespaceShape, status: BindingStatus): Pass | undefined {
	const kept = keptOn(object)
	if (kept === undefined) return undefined
	const {migration, history} = kept.record
	if (status.migration !== undefined || migration === undefined) return act(status, [drop(object)])
	const record = {...status, migration, ...(history === undefined ? {} : {history})}
	return {...act(record, [drop(object)]), recordFirst: true}
}

/**
 * The binding has to hold the namespace's pre-images before the migration that needs them begins; while it runs, and
 * after it, they stay as they are.
 */
function ensureBinding(observation: Observation, now: number): Action | undefined {
	const {binding, profile} = observation
	if (profile === undefined) return undefined
	const name = profile.metadata.name
	const images = wantedImages(observation, now)
	const known = binding === undefined ? undefined : imagesOf(binding)
	const right =
		binding?.metadata.labels?.[names.profile] === name &&
		binding.metadata.finalizers?.includes(finalizers.binding) === true &&
		sameImage(known?.original, images.original) &&
		sameImage(known?.previous, images.previous)
	return right ? undefined : {type: "ensureBinding", profile: name, images}
}

const sameImage = (a: NamespaceImage | undefined, b: NamespaceImage | undefined) =>
	JSON.stringify(a) === JSON.stringify(b)

function wantedImages(observation: Observation, now: number): NamespaceImages {
	const {binding, snapshot, namespace, dataplanes, plan} = observation
	const migration = binding?.status?.migration
	const known = binding === undefined ? {} : imagesOf(binding)
	const object = snapshot.get(Namespace, namespace)
	const begins = !isActive(migration) && mayBegin(observation, migration, now)
	if (object === undefined || (binding !== undefined && !begins)) return known
	const kept = binding === undefined ? keptOn(object)?.images : undefined
	if (kept?.original !== undefined) return kept
	const image = namespaceImage(object, {
		migration: nextId(migration),
		from: plan?.from.dataplane ?? "none",
		dataplanes,
	})
	// What was there before Heddle is taken down once, before anything moves, and never again.
	return {original: migration === undefined ? image : known.original, previous: image}
}

function goForward(observation: Observation, status: BindingStatus, now: number): Pass {
	const {migration} = status
	if (migration?.state === "RollingBack") return rollBack(observation, status, migration, now)
	if (migration?.state === "Running")
		return forward(observation, status, onCourse(observation, migration, now), now)
	if (migration?.state === "Holding") return unhold(observation, status, migration, now)
	const {calls: reading, profile, namespace} = observation
	// The next plan is made with them: they stand in the binding before the order of the workloads is settled.
	if (reading !== undefined) {
		const calls = recordedCalls(reading, {profile, namespace, now})
		return {...nothing({...status, calls}), recordFirst: true}
	}
	return mayBegin(observation, migration, now) || wasCutOff(observation, migration)
		? start(observation, status, now)
		: settle(observation, status)
}

/**
 * The namespace's keys were written, and the operator died before it recorded that: the pre-image names a migration
 * that the status does not know, and the namespace is no longer as the image shows it.
 */
function wasCutOff(
	{binding, snapshot, namespace, dataplanes, plan}: Observation,
	migration: Migration | undefined,
): boolean {
	const object = snapshot.get(Namespace, namespace)
	const previous = binding === undefined ? undefined : imagesOf(binding).previous
	if (
		object === undefined ||
		previous === undefined ||
		plan === undefined ||
		plan.steps.length > 0 ||
		(plan.verdict !== "UpToDate" && plan.verdict !== "Ready") ||
		previous.migration !== nextId(migration)
	)
		return false
	return !sameImage(previous, namespaceImage(object, {...previous, dataplanes}))
}

const decidedAnew = ({profile, binding}: Observation, migration: Migration): boolean =>
	profile?.metadata.generation !== migration.profileGeneration ||
	binding?.metadata.generation !== migration.bindingGeneration

/** A migration that waits goes on when what stopped it is over, or, after a failure, when a person decides anew. */
function unhold(observation: Observation, status: BindingStatus, migration: Migration, now: number): Pass {
	const failed = migration.steps?.some(({state}) => state === "Failed") ?? false
	if (failed && !decidedAnew(observation, migration)) return nothing(status)
	if (impediment(observation, migration) !== undefined && !failed)
		return forward(observation, status, onCourse(observation, migration, now), now)
	return forward(observation, status, onCourse(observation, resume(migration, observation, now), now), now)
}

/** The migration as the profile wants it now: retargeted when its goal changed under way and may be taken up. */
function onCourse(observation: Observation, migration: Migration, now: number): Migration {
	const {plan, profile, binding} = observation
	if (plan === undefined || plan.to === null || detour(observation, migration) !== undefined) return migration
	if (!leadsElsewhere(plan, migration) && migration.steps !== undefined)
		return {
			...migration,
			profileGeneration: profile?.metadata.generation ?? 0,
			bindingGeneration: binding?.metadata.generation ?? 0,
		}
	return retarget(migration, beginning(observation, migration, now))
}

const beginning = ({plan, profile, binding}: Observation, previous: Migration | undefined, now: number) => ({
	plan: plan as NonNullable<typeof plan>,
	previous,
	profileGeneration: profile?.metadata.generation ?? 0,
	bindingGeneration: binding?.metadata.generation ?? 0,
	now,
})

/** Whether the plan may start: it is ready, there is something to do, and a person's yes is there where it is asked for. */
function mayBegin(observation: Observation, migration: Migration | undefined, now: number): boolean {
	const {plan, binding} = observation
	if (plan === undefined || plan.verdict !== "Ready" || plan.steps.length === 0) return false
	// The pre-image of a migration that does not begin would take the place of the one that leads back.
	if (binding?.spec?.target === "Previous") return false
	if (impediment(observation) !== undefined || awaitsApproval(observation)) return false
	if (fight(observation, now) !== undefined) return false
	const gaveUp = migration?.state === "RolledBack" || migration?.state === "Failed"
	return !gaveUp || decidedAnew(observation, migration)
}

/** What somebody else keeps undoing; a person's new decision is a reason to try again. */
const fight = (observation: Observation, now: number): string | undefined => {
	const {plan, binding} = observation
	const {status = {}} = binding ?? {}
	if (plan === undefined || status.migration === undefined) return undefined
	return decidedAnew(observation, status.migration) ? undefined : foughtOver(plan, status, now)
}

function start(observation: Observation, status: BindingStatus, now: number): Pass {
	const known = observation.binding === undefined ? undefined : imagesOf(observation.binding).previous
	const migration = {
		...begin(beginning(observation, status.migration, now)),
		...(known === undefined ? {} : {from: known.from}),
	}
	const first = forward(observation, status, migration, now)
	const moves = observation.plan?.workloads.filter(({action}) => action === "Roll").length ?? 0
	if (moves === 0) return first
	const note = `${plural(moves, "workload")} go from ${migration.from} to ${migration.to}`
	return {
		...first,
		transitions: [{type: "Normal", reason: "Migrating", action: "Migrate", note}, ...first.transitions],
	}
}

/** Nothing is under way. Pre-images that nothing can ask for any more are forgotten when they were read anyway. */
function settle({preImages}: Observation, status: BindingStatus): Pass {
	const {migration} = status
	if (preImages === undefined || migration?.state !== "Succeeded") return nothing(status)
	const images = outdated(preImages, migration.id)
	return images.length === 0 ? nothing(status) : act(status, [{type: "forget", images}])
}

function rollBack(observation: Observation, status: BindingStatus, migration: Migration, now: number): Pass {
	const {binding, preImages} = observation
	if (binding === undefined || preImages === undefined) return nothing(status)
	const {previous} = imagesOf(binding)
	const namespace = previous?.migration === migration.id ? previous : undefined
	return back(observation, status, migration, {
		way: {namespace, images: imagesFor(preImages, migration.id)},
		now,
	})
}

/** `target: Previous`: back to before the last migration, once, and then to stay there. */
function goBack(observation: Observation, status: BindingStatus, now: number): Pass {
	const {migration} = status
	if (migration === undefined || migration.state === "RolledBack") return nothing(status)
	const {finishedAt: _, ...open} = migration
	const begun: Migration =
		migration.state === "RollingBack"
			? migration
			: {...open, state: "RollingBack", message: "asked for by spec.target"}
	return rollBack(
		observation,
		status,
		{...begun, bindingGeneration: observation.binding?.metadata.generation ?? 0},
		now,
	)
}

/** No profile decides any more: as the deletionPolicy says, the namespace stays as it is or goes back to before Heddle. */
function leave(observation: Observation, status: BindingStatus, now: number): Pass {
	const {binding, former, preImages} = observation
	if (binding === undefined) return nothing(status)
	if (binding.metadata.deletionTimestamp !== undefined)
		return act(status, [...letRoll(observation, status), ...forget(preImages), {type: "releaseBinding"}])
	if (preImages === undefined) return nothing(status)
	if (former?.spec.deletionPolicy !== "Restore")
		return act(status, [...letRoll(observation, status), {type: "deleteBinding"}])
	const migration: Migration = {...(status.migration ?? {id: "m0"}), state: "RollingBack"}
	const pass = back(observation, status, migration, {
		way: {namespace: imagesOf(binding).original, images: imagesFor(preImages)},
		now,
	})
	return pass.status.migration?.state === "RolledBack" ? {...pass, actions: [{type: "deleteBinding"}]} : pass
}

/** Nobody lowers the partition of a StatefulSet any more that is amid its roll: its own controller goes on. */
function letRoll({snapshot, preImages = []}: Observation, {migration}: BindingStatus): readonly Action[] {
	const rolling = new Set(
		(migration?.steps ?? []).filter(({state}) => state === "Running").map(({object}) => object),
	)
	return preImages
		.filter((image) => image.migration === migration?.id && rolling.has(image.ref))
		.flatMap(({ref, object: was}) => {
			const current = objectAt(snapshot, ref)
			return current === undefined || was === null ? [] : partitionThen(current, was)
		})
}

const forget = (images: Observation["preImages"]): readonly Action[] =>
	images === undefined || images.length === 0 ? [] : [{type: "forget", images}]
