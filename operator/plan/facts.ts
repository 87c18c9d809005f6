import {type Census, census, joined} from "../../profiles/census.ts"
import {containerNetwork} from "../../profiles/cni.ts"
import {type Stack, stackOf} from "../../profiles/conflicts/stack.ts"
import type {Dataplane, Installation} from "../../profiles/dataplane.ts"
import * as kinds from "../../profiles/snapshot/kinds.ts"
import type {Namespace} from "../../profiles/snapshot/shapes.ts"
import type {Snapshot} from "../../profiles/snapshot/snapshot.ts"
import {kindsRead} from "./reads.ts"
import {runtimeNamespaces} from "./runtimes.ts"

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
	/** Of all namespaces but those of control planes. */
	readonly census: Census
	/** The versions of all that has to get along. */
	readonly stack: Stack
}

/** Where Heddle's own operator lives. */
const heddleNamespace = "heddle-system"

const kubernetesNamespaces = ["kube-system", "kube-public", "kube-node-lease"]

/** Facts of a snapshot. Who keeps a census hands it in by `provideCensus`, so that no other namespace's pod is looked at. */
export function clusterFacts(snapshot: Snapshot, dataplanes: readonly Dataplane[]): ClusterFacts {
	return new Facts(snapshot, dataplanes)
}

class Facts implements ClusterFacts {
	readonly installed: readonly Installed[]
	readonly reserved: ReadonlyMap<string, string>
	readonly unreadable: readonly string[]
	readonly cni: string | undefined
	readonly #snapshot: Snapshot
	readonly #dataplanes: readonly Dataplane[]
	#census: Census | undefined
	#namespaces: ReadonlyMap<string, Namespace> | undefined
	#stack: Stack | undefined

	constructor(snapshot: Snapshot, dataplanes: readonly Dataplane[]) {
		this.#snapshot = snapshot
		this.#dataplanes = dataplanes
		this.installed = dataplanes.flatMap((dataplane) =>
			dataplane.detect(snapshot).map((installation) => ({dataplane, installation})),
		)
		this.reserved = reservedNamespaces(snapshot, this.installed)
		// Of a single object its dataplane says itself, where it is installed, what cannot be known without it.
		this.unreadable = kindsRead(dataplanes).flatMap((kind) =>
			snapshot.knows(kind) || kind.only !== undefined ? [] : [kind.id],
		)
		this.cni = containerNetwork(snapshot)
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
		this.#census ??= joined(
			[...census(this.#snapshot, this.#dataplanes)]
				.filter(([name]) => this.namespaces.has(name) && !this.reserved.has(name))
				.map(([, one]) => one),
		)
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
