import type {Client} from "../../../operator/kube/types.ts"
import {CustomResourceDefinition} from "../../../profiles/conflicts/stack.ts"
import type {Kind} from "../../../profiles/snapshot/kinds.ts"
import type {KubeObject} from "../../../profiles/snapshot/object.ts"
import type {Snapshot} from "../../../profiles/snapshot/snapshot.ts"

/** Objects that are read once and not watched. */
export type Definitions = {
	read(): Promise<void>
	/** The snapshot, with them in it. */
	over(snapshot: Snapshot): Snapshot
}

/**
 * A few CRDs by their names: a cluster has hundreds, they are large, and they change when somebody installs something.
 * Until they are read, and when they may not be, their kind is unknown, which is not the same as absent.
 */
export function definitionsOf(client: Client, names: readonly string[]): Definitions {
	let found: ReadonlyMap<string, KubeObject> | undefined
	const ours = (kind: Kind) => kind.id === CustomResourceDefinition.id
	return {
		async read() {
			const all = await Promise.all(names.map((name) => client.get(CustomResourceDefinition, name)))
			found = new Map(all.flatMap((one) => (one === undefined ? [] : [[one.metadata.name, one]])))
		},
		over: (snapshot) => ({
			list<T extends KubeObject>(kind: Kind<T>, namespace?: string): readonly T[] {
				return ours(kind)
					? ([...(found?.values() ?? [])] as unknown as readonly T[])
					: snapshot.list(kind, namespace)
			},
			get<T extends KubeObject>(kind: Kind<T>, name: string, namespace?: string): T | undefined {
				return ours(kind) ? (found?.get(name) as T | undefined) : snapshot.get(kind, name, namespace)
			},
			knows: (kind) => (ours(kind) ? found !== undefined : snapshot.knows(kind)),
		}),
	}
}
