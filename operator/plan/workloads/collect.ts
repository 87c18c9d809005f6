import {classify, type PodClass} from "../../../profiles/classify.ts"
import type {Dataplane} from "../../../profiles/dataplane.ts"
import type {Kind} from "../../../profiles/snapshot/kinds.ts"
import * as kinds from "../../../profiles/snapshot/kinds.ts"
import {type KubeObject, type OwnerReference, refOf} from "../../../profiles/snapshot/object.ts"
import type {
	CronJob,
	DaemonSet,
	Deployment,
	Job,
	Pod,
	PodTemplate,
	ReplicaSet,
	StatefulSet,
} from "../../../profiles/snapshot/shapes.ts"
import type {Snapshot} from "../../../profiles/snapshot/snapshot.ts"
import {behindByName} from "../../../profiles/workloads.ts"
import {isProbe} from "../probes/probe-job.ts"
import {isTwin, isTwinPod} from "./twins.ts"

export type SeenPod = {readonly pod: Pod; readonly is: PodClass}

type Body =
	| {readonly kind: "Deployment"; readonly object: Deployment}
	| {readonly kind: "StatefulSet"; readonly object: StatefulSet}
	| {readonly kind: "DaemonSet"; readonly object: DaemonSet}
	| {readonly kind: "ReplicaSet"; readonly object: ReplicaSet}
	| {readonly kind: "CronJob"; readonly object: CronJob}
	| {readonly kind: "Job"; readonly object: Job}
	/** A pod that nothing would recreate. */
	| {readonly kind: "Pod"; readonly object: Pod}
	/** An owner that Heddle does not know how to roll, or that is not in the snapshot. */
	| {readonly kind: "Other"; readonly object: undefined}

/** Something that makes pods, or a pod on its own. */
export type Workload = Body & {
	readonly ref: string
	readonly name: string
	readonly template: PodTemplate
	/** Pods that should run right now. */
	readonly replicas: number
	readonly pods: readonly SeenPod[]
}

/** Set by gateway controllers: what carries it is part of a dataplane, not a workload of the namespace. */
const gatewayLabel = "gateway.networking.k8s.io/gateway-name"

/** The workloads of a namespace in the order in which they move. Costs as much as the namespace has objects. */
export const workloadsOf = (
	snapshot: Snapshot,
	namespace: string,
	dataplanes: readonly Dataplane[],
): readonly Workload[] => collected(snapshot, namespace, {dataplanes, twins: false})

/** The copies on which modules are tried. */
export const twinsOf = (
	snapshot: Snapshot,
	namespace: string,
	dataplanes: readonly Dataplane[],
): readonly Workload[] => collected(snapshot, namespace, {dataplanes, twins: true})

type Wanted = {readonly dataplanes: readonly Dataplane[]; readonly twins: boolean}

function collected(snapshot: Snapshot, namespace: string, {dataplanes, twins}: Wanted): readonly Workload[] {
	const owners = new Owners(snapshot, namespace)
	const pods = new Map<string, SeenPod[]>()
	const loose: Workload[] = []
	for (const pod of snapshot.list(kinds.Pod, namespace)) {
		if (pod.metadata.labels?.[gatewayLabel] !== undefined || isTwinPod(pod) !== twins || isProbe(pod))
			continue
		const seen = {pod, is: classify(pod, snapshot, dataplanes)}
		const owner = owners.of(pod)
		if (owner?.kind === "Node") continue
		if (owner === undefined) {
			if (!isFinished(pod)) loose.push(barePod(seen))
			continue
		}
		const list = pods.get(owner.ref)
		if (list === undefined) pods.set(owner.ref, [seen])
		else list.push(seen)
	}
	const known = bodies(snapshot, namespace, twins).map((one) => ({...one, pods: pods.get(one.ref) ?? []}))
	const refs = new Set(known.map(({ref}) => ref))
	const strange = [...pods].filter(([ref]) => !refs.has(ref)).map(([ref, seen]) => other(ref, seen))
	return [...known, ...strange, ...loose].sort(inOrder)
}

const isFinished = ({status}: Pod): boolean => status?.phase === "Succeeded" || status?.phase === "Failed"

const barePod = (seen: SeenPod): Workload => ({
	kind: "Pod",
	object: seen.pod,
	ref: refOf(seen.pod),
	name: seen.pod.metadata.name,
	template: {metadata: seen.pod.metadata, ...(seen.pod.spec === undefined ? {} : {spec: seen.pod.spec})},
	replicas: 1,
	pods: [seen],
})

const other = (ref: string, pods: readonly SeenPod[]): Workload => ({
	kind: "Other",
	object: undefined,
	ref,
	name: ref.slice(ref.lastIndexOf("/") + 1),
	template: {},
	replicas: pods.length,
	pods,
})

type Bare = Body & Omit<Workload, "pods" | "kind" | "object">

function bodies(snapshot: Snapshot, namespace: string, twins: boolean): readonly Bare[] {
	const list = <T extends KubeObject>(kind: Kind<T>) =>
		snapshot.list(kind, namespace).filter((one) => controllerOf(one) === undefined && isTwin(one) === twins)
	const named = (object: KubeObject) => ({ref: refOf(object), name: object.metadata.name})
	const all: Bare[] = [
		...list(kinds.Deployment).map((object) => ({
			...named(object),
			kind: "Deployment" as const,
			object,
			template: object.spec?.template ?? {},
			replicas: object.spec?.replicas ?? 1,
		})),
		...list(kinds.StatefulSet).map((object) => ({
			...named(object),
			kind: "StatefulSet" as const,
			object,
			template: object.spec?.template ?? {},
			replicas: object.spec?.replicas ?? 1,
		})),
		...list(kinds.DaemonSet).map((object) => ({
			...named(object),
			kind: "DaemonSet" as const,
			object,
			template: object.spec?.template ?? {},
			replicas: object.status?.desiredNumberScheduled ?? 1,
		})),
		...list(kinds.ReplicaSet).map((object) => ({
			...named(object),
			kind: "ReplicaSet" as const,
			object,
			template: object.spec?.template ?? {},
			replicas: object.spec?.replicas ?? 1,
		})),
		...list(kinds.CronJob).map((object) => ({
			...named(object),
			kind: "CronJob" as const,
			object,
			template: object.spec?.jobTemplate?.spec?.template ?? {},
			replicas: 0,
		})),
		...list(kinds.Job).map((object) => ({
			...named(object),
			kind: "Job" as const,
			object,
			template: object.spec?.template ?? {},
			replicas: object.status?.active ?? 0,
		})),
	]
	return all.filter(
		({template, object}) =>
			template.metadata?.labels?.[gatewayLabel] === undefined && !(object !== undefined && isProbe(object)),
	)
}

const ranks = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "CronJob", "Job", "Other", "Pod"]

const inOrder = (a: Workload, b: Workload): number =>
	ranks.indexOf(a.kind) - ranks.indexOf(b.kind) || (a.ref < b.ref ? -1 : 1)

type Owner = {readonly kind: string; readonly ref: string}

const controllerOf = ({metadata}: KubeObject): OwnerReference | undefined =>
	metadata.ownerReferences?.find(({controller}) => controller === true)

/** Finds the workload behind a pod: the Deployment of its ReplicaSet, the CronJob of its Job. */
class Owners {
	readonly #snapshot: Snapshot
	readonly #namespace: string
	/** By the controller's kind and name: the pods of a workload share one. */
	readonly #found = new Map<string, Map<string, Owner>>()

	constructor(snapshot: Snapshot, namespace: string) {
		this.#snapshot = snapshot
		this.#namespace = namespace
	}

	of(pod: Pod): Owner | undefined {
		const controller = controllerOf(pod)
		if (controller === undefined) return undefined
		let found = this.#found.get(controller.kind)
		if (found === undefined) {
			found = new Map()
			this.#found.set(controller.kind, found)
		}
		let owner = found.get(controller.name)
		if (owner === undefined) {
			const {kind, name} = this.#behind(controller)
			owner = {kind, ref: `${kind}/${this.#namespace}/${name}`}
			found.set(controller.name, owner)
		}
		return owner
	}

	#behind(controller: OwnerReference): Pick<OwnerReference, "kind" | "name"> {
		const {kind, name} = controller
		const between = [kinds.ReplicaSet, kinds.Job].find((one) => one.kind === kind)
		if (between === undefined) return controller
		const there = this.#snapshot.get<KubeObject>(between, name, this.#namespace)
		if (there !== undefined) return controllerOf(there) ?? controller
		// A snapshot may leave ReplicaSets and finished Jobs out; their names are their owner's and a suffix.
		return behindByName(this.#snapshot, this.#namespace, controller) ?? controller
	}
}
