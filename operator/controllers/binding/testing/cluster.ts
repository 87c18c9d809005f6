import {isReady} from "../../../../profiles/pods.ts"
import {addressOf, type KubeObject} from "../../../../profiles/snapshot/object.ts"
import type {Deployment, Pod} from "../../../../profiles/snapshot/shapes.ts"
import {type Snapshot, snapshotOf} from "../../../../profiles/snapshot/snapshot.ts"
import {noKeys} from "../../../plan/enrolment.ts"
import {applyStep} from "../../../plan/testing/simulate.ts"
import {isoTime} from "../../iso-time.ts"
import {parseRef} from "../workload.ts"

/*
 * A stand-in for a cluster: a set of objects, and controllers that move them on one small step per tick. What pods
 * become is the planner's own stand-in's to say; this one lets them be replaced one by one, and counts.
 */

/** How the pods of a workload misbehave once they are on a dataplane. */
export type Fault = {readonly on: "istio-sidecar" | "istio-ambient"; readonly how: "crashing" | "unready"}

const marks = {
	"istio-sidecar": "sidecar.istio.io/status",
	"istio-ambient": "ambient.istio.io/redirection",
} as const

export function keyOf(object: KubeObject): string {
	const {name, namespace = ""} = object.metadata
	const [kind] = addressOf(object).split("/")
	return `${kind}/${namespace}/${name}`
}

export class SimCluster {
	#objects: ReadonlyMap<string, KubeObject>
	/** Milliseconds since 1970. */
	now: number
	/** By reference of the workload. */
	readonly faults = new Map<string, Fault>()

	constructor(objects: Iterable<KubeObject>, now = Date.parse("2026-01-01T00:00:00Z")) {
		this.now = now
		this.#objects = new Map([...objects].map((object) => [keyOf(object), object]))
		for (const pod of this.objects.filter(isPod)) this.put(stamped(pod, this.ownerOf(pod), now))
		for (const owner of this.objects.filter(isStatefulSet))
			this.put(withStatus(owner, {...owner.status, ...revisions(owner)}))
	}

	/** The same cluster, to go on with in another way. */
	clone(): SimCluster {
		const copy = new SimCluster([], this.now)
		copy.#objects = this.#objects
		for (const [ref, fault] of this.faults) copy.faults.set(ref, fault)
		return copy
	}

	get objects(): readonly KubeObject[] {
		return [...this.#objects.values()]
	}

	get snapshot(): Snapshot {
		return snapshotOf(this.#objects.values())
	}

	/** By a reference, `Kind/namespace/name` or `Kind/name`. */
	find(ref: string): KubeObject | undefined {
		const {kind, namespace = "", name} = parseRef(ref)
		return this.#objects.get(`${kind}/${namespace}/${name}`)
	}

	put(object: KubeObject): void {
		this.#objects = new Map(this.#objects).set(keyOf(object), object)
	}

	remove(object: KubeObject): void {
		const next = new Map(this.#objects)
		next.delete(keyOf(object))
		this.#objects = next
	}

	replaceAll(objects: readonly KubeObject[]): void {
		this.#objects = new Map(objects.map((object) => [keyOf(object), object]))
	}

	podsOf(owner: KubeObject): readonly Pod[] {
		return this.objects.filter(isPod).filter((pod) => this.ownerOf(pod) === owner)
	}

	/** What makes the pod: the Deployment of its ReplicaSet, else its controller. */
	ownerOf({metadata: {namespace = "", ownerReferences = []}}: Pod): KubeObject | undefined {
		const [owner] = ownerReferences
		if (owner?.kind !== "ReplicaSet")
			return owner && this.#objects.get(`${owner.kind}/${namespace}/${owner.name}`)
		return this.#objects.get(`Deployment/${namespace}/${owner.name.slice(0, owner.name.lastIndexOf("-"))}`)
	}

	/** What a new pod of this workload is, by the place that its template and its namespace give it. */
	born(owner: KubeObject, name: string): Pod | undefined {
		const ref = keyOf(owner)
		const after = applyStep(this.objects, {id: "birth", action: "Roll", object: ref, note: "", keys: noKeys})
		const pod = after.find((one) => one.kind === "Pod" && one.metadata.name === name) as Pod | undefined
		if (pod === undefined) return undefined
		const fault = this.faults.get(ref)
		const made = stamped(pod, owner, this.now)
		const hit = fault !== undefined && made.metadata.annotations?.[marks[fault.on]] !== undefined
		return hit ? broken(made, fault) : made
	}
}

/** The object with another status. */
export const withStatus = (object: KubeObject, status: object): KubeObject =>
	({...object, status}) as KubeObject

const isPod = (one: KubeObject): one is Pod => one.kind === "Pod"
const isStatefulSet = (one: KubeObject): one is Deployment & {readonly status?: object} =>
	one.kind === "StatefulSet"

const hashLabel = "controller-revision-hash"

/** The revision that a pod was made from. */
export const revisionOf = (pod: Pod): string => pod.metadata.labels?.[hashLabel] ?? ""

type Templated = {readonly spec?: {readonly template?: {readonly metadata?: object; readonly spec?: object}}}

/** The name of a template: the same for the same content, empty maps and the order of keys aside. */
export function templateHash(owner: KubeObject | undefined): string {
	const {metadata = {}, spec = {}} = (owner as (KubeObject & Templated) | undefined)?.spec?.template ?? {}
	const parts = Object.entries(metadata).flatMap(([part, map]) =>
		Object.entries(map as object).map(([key, value]) => `${part}.${key}=${String(value)}`),
	)
	const images = JSON.stringify(spec)
	let hash = 7
	for (const character of `${parts.sort().join()}|${images}`)
		hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) | 0
	return (hash >>> 0).toString(36)
}

const revisions = (owner: KubeObject) => ({
	currentRevision: templateHash(owner),
	updateRevision: templateHash(owner),
})

function stamped(pod: Pod, owner: KubeObject | undefined, now: number): Pod {
	const {annotations = {}} = (owner as (KubeObject & Deployment) | undefined)?.spec?.template?.metadata ?? {}
	const labels = owner === undefined ? {} : {[hashLabel]: templateHash(owner)}
	return {
		...pod,
		metadata: {
			...pod.metadata,
			labels: {...pod.metadata.labels, ...labels},
			annotations: {...annotations, ...pod.metadata.annotations},
		},
		status: {
			...pod.status,
			conditions: [
				{type: "Ready", status: isReady(pod) ? "True" : "False", lastTransitionTime: isoTime(now)},
			],
		},
	}
}

function broken(pod: Pod, {how}: Fault): Pod {
	const crash = {waiting: {reason: "CrashLoopBackOff"}}
	return {
		...pod,
		status: {
			...pod.status,
			conditions: [{type: "Ready", status: "False"}],
			containerStatuses: (pod.status?.containerStatuses ?? []).map((one) =>
				how === "crashing" ? {...one, ready: false, restartCount: 4, state: crash} : {...one, ready: false},
			),
		},
	}
}
