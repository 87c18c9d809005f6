import {kubeFor} from "./access.ts"
import {collectionPath, KubeError, type KubeObject} from "./kube/client.ts"
import {applyNodes, type NodeShape} from "./nodes.ts"

/** Large numbers of simulated things, for benches. Writes go out 24 at a time, the client's socket limit. */

export async function addNodes(name: string, total: number, shape: NodeShape = {}): Promise<void> {
	const kube = kubeFor(name)
	try {
		await applyNodes(kube, total, shape)
	} finally {
		kube.close()
	}
}

/** Creates objects; what is there already stays as it is. */
export async function createAll(name: string, objects: Iterable<KubeObject>): Promise<number> {
	const kube = kubeFor(name)
	const pending = objects[Symbol.iterator]()
	let created = 0
	const worker = async () => {
		// The iterator is shared, so objects may be made lazily: fifty thousand of them never exist at once.
		for (let next = pending.next(); !next.done; next = pending.next()) {
			const {apiVersion, kind, metadata} = next.value
			const path = collectionPath(apiVersion, kind, metadata.namespace)
			await kube.call("POST", path, {body: next.value}).then(() => created++, ignoreExisting)
		}
	}
	try {
		await Promise.all(Array.from({length: 24}, worker))
		return created
	} finally {
		kube.close()
	}
}

function ignoreExisting(error: unknown): void {
	if (!(error instanceof KubeError && error.status === 409)) throw error
}

export type PodOptions = {
	namespace: string
	count: number
	/** How many nodes to spread over. Pods are placed at birth: the scheduler is not part of the measurement. */
	nodes: number
	prefix?: string
	offset?: number
	labels?: Record<string, string>
	annotations?: Record<string, string>
}

export function* simulatedPods(options: PodOptions): Generator<KubeObject> {
	const {namespace, count, nodes, prefix = "pod", offset = 0, labels = {}, annotations = {}} = options
	for (let index = 0; index < count; index++) {
		yield {
			apiVersion: "v1",
			kind: "Pod",
			metadata: {name: `${prefix}-${index}`, namespace, labels: {app: prefix, ...labels}, annotations},
			spec: {
				nodeName: `node-${((offset + index) % nodes) + 1}`,
				containers: [{name: "app", image: "app:1", resources: {requests: {cpu: "10m", memory: "16Mi"}}}],
			},
		}
	}
}
