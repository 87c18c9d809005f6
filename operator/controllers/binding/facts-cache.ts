import type {Dataplane} from "../../../profiles/dataplane.ts"
import {Pod} from "../../../profiles/snapshot/kinds.ts"
import type {Namespace} from "../../../profiles/snapshot/shapes.ts"
import type {Snapshot} from "../../../profiles/snapshot/snapshot.ts"
import type {Change} from "../../kube/types.ts"
import {type Census, type ClusterFacts, censusOf, clusterFacts, joined} from "../../plan/facts.ts"

/** How old the count of the cluster's pods may be: it weighs costs and callers, and no single pod. */
const censusAgeMs = 2_000

/**
 * The facts that every plan shares, taken anew only when something that they are made of has changed: thousands of
 * namespaces are planned between two changes of a control plane.
 */
export class FactsCache {
	readonly #dataplanes: readonly Dataplane[]
	readonly #now: () => number
	readonly #censuses = new Map<string, Census>()
	#facts: ClusterFacts | undefined
	#total: {readonly census: Census; readonly at: number} | undefined

	constructor(dataplanes: readonly Dataplane[], now: () => number) {
		this.#dataplanes = dataplanes
		this.#now = now
	}

	/** To be told of every change that a watch reports. */
	touch({kind, namespace}: Change): void {
		if (kind.id === Pod.id && namespace !== undefined) this.#censuses.delete(namespace)
		const ordinary =
			namespace !== undefined && this.#facts !== undefined && !this.#facts.reserved.has(namespace)
		if (!ordinary) this.#facts = undefined
	}

	get(snapshot: Snapshot): ClusterFacts {
		this.#facts ??= clusterFacts(snapshot, this.#dataplanes, () => this.#census(snapshot))
		return this.#facts
	}

	#census(snapshot: Snapshot): Census {
		const now = this.#now()
		if (this.#total === undefined || now - this.#total.at > censusAgeMs) {
			const facts = this.get(snapshot)
			const names = [...facts.namespaces.keys()].filter((name) => !facts.reserved.has(name))
			this.#total = {census: joined(names.map((name) => this.#censusOf(snapshot, name))), at: now}
		}
		return this.#total.census
	}

	#censusOf(snapshot: Snapshot, namespace: string): Census {
		const known = this.#censuses.get(namespace) ?? censusOf(snapshot, namespace, this.#dataplanes)
		this.#censuses.set(namespace, known)
		return known
	}
}

/** The same facts with one namespace as this pass has left it. */
export function withNamespace(facts: ClusterFacts, namespace: Namespace): ClusterFacts {
	if (facts.namespaces.get(namespace.metadata.name) === namespace) return facts
	const {installed, reserved, cni} = facts
	const namespaces = new Map(facts.namespaces).set(namespace.metadata.name, namespace)
	return {
		installed,
		reserved,
		cni,
		namespaces,
		get census() {
			return facts.census
		},
	}
}
