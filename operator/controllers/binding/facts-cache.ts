import {setImmediate as nextTurn} from "node:timers/promises"
import {CiliumEndpoint} from "../../../profiles/apis/cilium/kinds.ts"
import {type Census, censusOf, placeOf, provideCensus} from "../../../profiles/census.ts"
import type {Dataplane} from "../../../profiles/dataplane.ts"
import type {Kind} from "../../../profiles/snapshot/kinds.ts"
import * as kinds from "../../../profiles/snapshot/kinds.ts"
import type {Snapshot} from "../../../profiles/snapshot/snapshot.ts"
import {MeshBinding, MeshProfile} from "../../api/kinds.ts"
import type {Change} from "../../kube/types.ts"
import {type ClusterFacts, clusterFacts} from "../../plan/facts.ts"
import {View} from "./view.ts"

/**
 * How old the count of the cluster's other pods may be. A plan reads its own namespace as it is; of the others it
 * weighs how many pods are where.
 */
const ageMs = 2_000

/** Pods looked at before the event loop gets its turn. */
const sliceSize = 500

/**
 * Kinds that change all the time while thousands of namespaces move. In an ordinary namespace they concern the
 * cluster's facts by their number only.
 */
const busy: ReadonlySet<string> = new Set(
	[
		kinds.Namespace,
		kinds.Pod,
		kinds.Service,
		kinds.Deployment,
		kinds.StatefulSet,
		kinds.DaemonSet,
		kinds.ReplicaSet,
		kinds.Job,
		kinds.CronJob,
		kinds.PodDisruptionBudget,
		kinds.HorizontalPodAutoscaler,
		kinds.ResourceQuota,
		CiliumEndpoint,
		MeshProfile,
		MeshBinding,
	].map(({id}) => id),
)

/**
 * What every plan shares. It is taken anew at once when a policy, a node or a control plane changes, and now and
 * then for the rest: thousands of namespaces are planned between two changes that concern them all.
 */
export class FactsCache {
	readonly #dataplanes: readonly Dataplane[]
	readonly #now: () => number
	readonly #censuses = new Map<string, Census>()
	#facts: ClusterFacts | undefined
	#era: {readonly token: object; readonly since: number} | undefined
	#warmed: Promise<void> | undefined
	/** Kinds that may move a pod from one dataplane to another. */
	readonly #placing: ReadonlySet<string>

	constructor(dataplanes: readonly Dataplane[], now: () => number) {
		this.#dataplanes = dataplanes
		const around = dataplanes.flatMap(({surroundings}) => surroundings?.kinds ?? [])
		this.#placing = new Set([kinds.Pod, ...around].map(({id}) => id))
		this.#now = now
	}

	/** To be told of every change that a watch reports. */
	touch({kind, namespace, name}: Change): void {
		const reserved = namespace !== undefined && this.#facts?.reserved.has(namespace) === true
		if (this.#placing.has(kind.id))
			this.#forget(kind.id === kinds.Namespace.id ? name : namespace, {kind, reserved})
		if (reserved || !busy.has(kind.id)) this.#era = undefined
	}

	/** What is in no namespace, or in a control plane's, may place the pods of all of them. */
	#forget(namespace: string | undefined, {kind, reserved}: {kind: Kind; reserved: boolean}): void {
		if (namespace === undefined || (reserved && kind.id !== kinds.Pod.id)) this.#censuses.clear()
		else this.#censuses.delete(namespace)
	}

	/** Snapshots of one era share what is computed of the whole cluster. */
	era(): object {
		const now = this.#now()
		if (this.#era === undefined || now - this.#era.since > ageMs) {
			this.#era = {token: {}, since: now}
			this.#facts = undefined
		}
		return this.#era.token
	}

	get(snapshot: Snapshot): ClusterFacts {
		// The caches change under one and the same snapshot: an era of its own keeps nothing of a former moment.
		const view = new View(snapshot, this.era())
		this.#facts ??= this.#factsOf(view)
		return this.#facts
	}

	#factsOf(view: Snapshot): ClusterFacts {
		const facts = clusterFacts(view, this.#dataplanes)
		provideCensus(view, this.#dataplanes, () => this.#census(view, facts.namespaces.keys()))
		return facts
	}

	/** Classifies every pod once, in slices: done in one go by the first plan, it would hold up everything else. */
	warm(snapshot: Snapshot): Promise<void> {
		this.#warmed ??= this.#look(snapshot)
		return this.#warmed
	}

	async #look(snapshot: Snapshot): Promise<void> {
		const pods = snapshot.list(kinds.Pod)
		const view = new View(snapshot, this.era())
		for (let start = 0; start < pods.length; start += sliceSize) {
			for (const pod of pods.slice(start, start + sliceSize)) placeOf(pod, view, this.#dataplanes)
			await nextTurn()
		}
	}

	#census(snapshot: Snapshot, namespaces: Iterable<string>): ReadonlyMap<string, Census> {
		const found = new Map<string, Census>()
		for (const name of namespaces) {
			const one = this.#censusOf(snapshot, name)
			if (one.pods.size > 0) found.set(name, one)
		}
		return found
	}

	#censusOf(snapshot: Snapshot, namespace: string): Census {
		const known = this.#censuses.get(namespace) ?? censusOf(snapshot, namespace, this.#dataplanes)
		this.#censuses.set(namespace, known)
		return known
	}
}
