import type {MeshProfile} from "../../../crds/generated.ts"
import {Namespace} from "../../../profiles/snapshot/kinds.ts"
import type {KubeObject} from "../../../profiles/snapshot/object.ts"
import type {Snapshot} from "../../../profiles/snapshot/snapshot.ts"
import {MeshBinding as MeshBindingKind, MeshProfile as MeshProfileKind} from "../../api/kinds.ts"
import {apiVersion, fieldManagers, finalizers, labels as names} from "../../api/names.ts"
import type {Change} from "../../kube/types.ts"
import type {Controller, Key, ReconcileContext, Result} from "../../runtime/types.ts"
import {isoTime} from "../iso-time.ts"
import {sameStatus} from "../same-status.ts"
import {nextStatus} from "./status.ts"

/** While thousands of namespaces move, they are counted once a second, not thousands of times. */
const statusIntervalMs = 1_000

/** Sums up the bindings of each MeshProfile, and holds a deleted one until its namespaces are left as it asks. */
export function profileController(): Controller {
	const counted = new Map<string, number>()
	return {
		name: "meshprofile",
		workers: 2,
		resyncMs: 600_000,
		watches: [
			{kind: MeshProfileKind, keys: everyProfile},
			{kind: Namespace, keys: everyProfile},
			{kind: MeshBindingKind, keys: profileOf},
		],
		keys: (snapshot) => snapshot.list(MeshProfileKind).map(({metadata}) => metadata.name),
		reconcile: (name, context) => reconcile(name, context, counted),
	}
}

/** A profile that changes may win or lose namespaces of any other. */
function* everyProfile(change: Change, snapshot: Snapshot): Iterable<Key> {
	if (change.kind.id === MeshProfileKind.id) yield change.name
	for (const {metadata} of snapshot.list(MeshProfileKind)) yield metadata.name
}

function* profileOf({name, namespace}: Change, snapshot: Snapshot): Iterable<Key> {
	const profile = snapshot.get(MeshBindingKind, name, namespace)?.metadata.labels?.[names.profile]
	if (profile !== undefined) yield profile
	// A binding that is gone tells no more whose it was; those that wait for it are the deleted ones.
	else for (const one of snapshot.list(MeshProfileKind)) if (isGoing(one)) yield one.metadata.name
}

const isGoing = ({metadata}: MeshProfile) => metadata.deletionTimestamp !== undefined

async function reconcile(
	name: string,
	context: ReconcileContext,
	counted: Map<string, number>,
): Promise<Result | undefined> {
	const {snapshot, client, clock} = context
	const profile = snapshot.get(MeshProfileKind, name)
	if (profile === undefined) {
		counted.delete(name)
		return undefined
	}
	if (isGoing(profile)) return finish(profile, context)
	if (profile.metadata.finalizers?.includes(finalizers.profile) !== true) {
		await client.apply(identity(profile, {finalizers: [finalizers.profile]}), {
			manager: fieldManagers.finalizer,
			force: true,
		})
	}
	const since = clock.monotonic() - (counted.get(name) ?? Number.NEGATIVE_INFINITY)
	if (since < statusIntervalMs) return {requeueAfterMs: statusIntervalMs - since}
	counted.set(name, clock.monotonic())
	const now = isoTime(clock.now())
	const status = nextStatus(profile, snapshot, now)
	if (sameStatus(profile.status, status)) return undefined
	await client.applyStatus({...identity(profile), status} as KubeObject, {
		manager: fieldManagers.status,
		force: true,
	})
	return undefined
}

/** The bindings carry out the deletionPolicy; when the last of them is gone, so may the profile. */
async function finish(profile: MeshProfile, {snapshot, client}: ReconcileContext): Promise<undefined> {
	const held = profile.metadata.finalizers?.includes(finalizers.profile) === true
	const left = snapshot
		.list(MeshBindingKind)
		.some(({metadata}) => metadata.labels?.[names.profile] === profile.metadata.name)
	if (held && !left) await client.apply(identity(profile), {manager: fieldManagers.finalizer, force: true})
	return undefined
}

/** With the uid, an apply can neither make the profile anew nor touch another of its name. */
const identity = ({metadata: {name, uid}}: MeshProfile, more: object = {}): KubeObject => ({
	apiVersion,
	kind: "MeshProfile",
	metadata: {name, ...(uid === undefined ? {} : {uid}), ...more},
})
