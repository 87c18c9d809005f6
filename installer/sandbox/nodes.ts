import {kubernetesVersion} from "./bin/catalogue.ts"
import type {Kube, KubeObject} from "./kube/client.ts"
import {patiently, type Until, until} from "./kube/retry.ts"

export const maxNodes = 20_000

export type NodeShape = {cpu?: string; memory?: string; pods?: number}

/** Node `index` (from 0) of a sandbox: its zone and its addresses follow from the index alone. */
export function simulatedNode(
	index: number,
	{cpu = "32", memory = "128Gi", pods = 250}: NodeShape = {},
): KubeObject {
	const name = `node-${index + 1}`
	const high = index >> 8
	const low = index & 255
	return {
		apiVersion: "v1",
		kind: "Node",
		metadata: {
			name,
			labels: {
				"kubernetes.io/arch": "amd64",
				"kubernetes.io/os": "linux",
				"kubernetes.io/hostname": name,
				"topology.kubernetes.io/region": "sim",
				"topology.kubernetes.io/zone": `sim-${"abc"[index % 3]}`,
				"heddle.dev/simulated": "true",
			},
			annotations: {
				"heddle.dev/stand-in": `simulated kubelet ${kubernetesVersion} (kwok): nothing runs here`,
				"heddle.dev/sim-address": `172.16.${(index + 1) >> 8}.${(index + 1) & 255}`,
				"heddle.dev/sim-cpu": cpu,
				"heddle.dev/sim-memory": memory,
				"heddle.dev/sim-pods": String(pods),
			},
		},
		spec: {podCIDR: `10.${high}.${low}.0/24`, podCIDRs: [`10.${high}.${low}.0/24`]},
	}
}

/** Applied again it changes nothing, so a repair may call it freely. The client's own socket limit paces it. */
export async function applyNodes(
	kube: Kube,
	count: number,
	shape: NodeShape = {},
	signal?: AbortSignal,
): Promise<void> {
	const nodes = Array.from({length: count}, (_, index) => simulatedNode(index, shape))
	await Promise.all(
		nodes.map((node) => patiently(`apply Node ${node.metadata.name}`, () => kube.apply(node), signal)),
	)
}

type NodeList = {items: {status?: {conditions?: {type: string; status: string}[]}}[]}

export async function waitNodesReady(
	kube: Kube,
	count: number,
	waiting: Omit<Until, "what">,
	check: () => void,
): Promise<void> {
	await until({...waiting, what: `${count} simulated nodes become ready`}, async () => {
		check()
		const {items} = await kube.call<NodeList>("GET", "/api/v1/nodes?resourceVersion=0")
		const ready = items.filter(({status}) =>
			status?.conditions?.some(({type, status: is}) => type === "Ready" && is === "True"),
		)
		return ready.length >= count || undefined
	})
}
