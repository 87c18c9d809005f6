import {placeOf} from "../../profiles/census.ts"
import {containerNetwork} from "../../profiles/cni.ts"
import {type Stack, stackOf} from "../../profiles/conflicts/stack.ts"
import type {Dataplane, Installation} from "../../profiles/dataplane.ts"
import * as kinds from "../../profiles/snapshot/kinds.ts"
import type {Namespace} from "../../profiles/snapshot/shapes.ts"
import type {Snapshot} from "../../profiles/snapshot/snapshot.ts"
import {kindsRead} from "./reads.ts"
import {runtimeNamespaces} from "./runtimes.ts"

/** How many pods are on which dataplane, on which node. Node names are those of the pods' spec. */
export type Census = {
	/** Pods per dataplane, those of control planes left out. */
	readonly pods: ReadonlyMap<string, number>
	/** Pods per node of each dataplane. */
	readonly nodes: ReadonlyMap<string, ReadonlyMap<string, number>>
}

/** An installation with the dataplane that it is of. */
export type Installed = {readonly dataplane: Dataplane; readonly installation: Installation}

/**
 * What holds for the whole cluster, computed once per snapshot and handed to every `planNamespace`. The parts that
 * scan the cluster are computed when first asked for.
 */
export interface ClusterFacts {
	readonly installed: readonly Installed[]
	/** Namespaces that are never migrated, each with what it belongs to. */
	readonly reserved: ReadonlyMap<string, string>
	/** Kinds that could not be read: nobody knows what they would have said. */
	readonly unreadable: readonly string[]
	/** The container network, as far as its agents tell. */
	readonly cni: string | undefined
	readonly namespaces: ReadonlyMap<string, Namespace>
	readonly census: Census
	/** The versions of all that has to get along. */
	readonly stack: Stack
}

/** Where Heddle's own operator lives. */
const heddleNamespace = "heddle-system"

const kubernetesNamespaces = ["kube-system", "kube-public", "kube-node-lease"]

/**
 * Facts of a snapshot. A caller that keeps a census of its own (`censusOf` per namespace, then `joined`) hands it in,
 * so that no pod of another namespace is looked at.
 */
export function clusterFacts(
	snapshot: Snapshot,
	dataplanes: readonly Dataplane[],
	census?: () => Census,
): ClusterFacts {
	return new Facts(snapshot, dataplanes, census)
}

class Facts implements ClusterFacts {
	readonly installed: readonly Installed[]
	readonly reserved: ReadonlyMap<string, string>
	readonly unreadable: readonly string[]
	readonly cni: string | undefined
	readonly #take: () => Census
	readonly #snapshot: Snapshot
	#census: Census | undefined
	#namespaces: ReadonlyMap<string, Namespace> | undefined
	#stack: Stack | undefined

	constructor(snapshot: Snapshot, dataplanes: readonly Dataplane[], census?: () => Census) {
		this.#snapshot = snapshot
		this.installed = dataplanes.flatMap((dataplane) =>
			dataplane.detect(snapshot).map((installation) => ({dataplane, installation})),
		)
		this.reserved = reservedNamespaces(snapshot, this.installed)
		// Of a single object its dataplane says itself, where it is installed, what cannot be known without it.
		this.unreadable = kindsRead(dataplanes).flatMap((kind) =>
			snapshot.knows(kind) || kind.only !== undefined ? [] : [kind.id],
		)
		this.cni = containerNetwork(snapshot)
		this.#take =
			census ??
			(() =>
				joined(
					[...this.namespaces.keys()]
						.filter((name) => !this.reserved.has(name))
						.map((name) => censusOf(snapshot, name, dataplanes)),
				))
	}

	get namespaces(): ReadonlyMap<string, Namespace> {
		this.#namespaces ??= new Map(this.#snapshot.list(kinds.Namespace).map((one) => [one.metadata.name, one]))
		return this.#namespaces
	}

	get stack(): Stack {
		const installations = this.installed.map(({installation}) => installation)
		this.#stack ??= stackOf({snapshot: this.#snapshot, installations})
		return this.#stack
	}

	get census(): Census {
		this.#census ??= this.#take()
		return this.#census
	}
}

function reservedNamespaces(
	snapshot: Snapshot,
	installed: readonly Installed[],
): ReadonlyMap<string, string> {
	return new Map([
		...runtimeNamespaces(snapshot),
		...kubernetesNamespaces.map((name) => [name, "Kubernetes"] as const),
		[heddleNamespace, "Heddle"] as const,
		...installed.flatMap(({installation}) =>
			installation.namespaces.map(
				(name) => [name, `the control plane of ${installation.dataplane}`] as const,
			),
		),
	])
}

/** The census of one namespace: what its counted pods are. */
export function censusOf(snapshot: Snapshot, namespace: string, dataplanes: readonly Dataplane[]): Census {
	const pods = new Map<string, number>()
	const nodes = new Map<string, Map<string, number>>()
	for (const pod of snapshot.list(kinds.Pod, namespace)) {
		const {dataplane, counted} = placeOf(pod, snapshot, dataplanes)
		if (!counted) continue
		add(pods, dataplane, 1)
		add(nodesOf(nodes, dataplane), pod.spec?.nodeName ?? "", 1)
	}
	return {pods, nodes}
}

/** The census of several namespaces together. */
export function joined(parts: Iterable<Census>): Census {
	const pods = new Map<string, number>()
	const nodes = new Map<string, Map<string, number>>()
	for (const part of parts) {
		for (const [dataplane, count] of part.pods) add(pods, dataplane, count)
		for (const [dataplane, counts] of part.nodes) {
			for (const [node, count] of counts) add(nodesOf(nodes, dataplane), node, count)
		}
	}
	return {pods, nodes}
}

function add(counts: Map<string, number>, key: string, count: number): void {
	counts.set(key, (counts.get(key) ?? 0) + count)
}

function nodesOf(nodes: Map<string, Map<string, number>>, dataplane: string): Map<string, number> {
	const counts = nodes.get(dataplane) ?? new Map<string, number>()
	nodes.set(dataplane, counts)
	return counts
}
