import {coerce, compare, gte, lt} from "semver"
import {plural} from "../../profiles/names.ts"
import * as kinds from "../../profiles/snapshot/kinds.ts"
import type {Node} from "../../profiles/snapshot/shapes.ts"
import type {Finding, PureCheck, Scene} from "./types.ts"

/** Rules in CRDs are stable since then (https://kubernetes.io/docs/reference/using-api/cel/). */
const leastKubernetes = "1.29.0"
/** https://kubernetes.io/releases/version-skew-policy/#kubelet */
const kubeletLag = 3
const leastKernel = "5.10.0"

const refOf = ({metadata}: Node) => `Node/${metadata.name}`
const nodesOf = ({snapshot}: Scene) => snapshot.list(kinds.Node)
const noNodes = {notRun: "no Node was read"} as const

export const kubernetesChecks: readonly PureCheck[] = [
	{
		id: "kubernetes-version",
		group: "Kubernetes",
		title: "Kubernetes is new enough",
		severity: "error",
		doc: `Heddle's CRDs carry rules that the API server itself enforces; these are stable since Kubernetes ${leastKubernetes}. Offline the newest kubelet stands for the API server, which is never older.`,
		fix: `Upgrade Kubernetes to ${leastKubernetes} or newer.`,
		reads: [kinds.Node],
		look: ({stack: {kubernetes}}) => {
			if (kubernetes === undefined) return {notRun: "nothing tells the version of Kubernetes"}
			const message = `Kubernetes is ${kubernetes}`
			return {seen: kubernetes, findings: gte(kubernetes, leastKubernetes) ? [] : [{message}]}
		},
	},
	{
		id: "kubelet-skew",
		group: "Kubernetes",
		title: "kubelets are of versions that belong together",
		severity: "warning",
		doc: "A kubelet may be three minor versions older than the API server, and never newer. Istio also decides by the oldest kubelet how all new sidecars are made: one before 1.33 turns native sidecars off for every pod.",
		fix: "Upgrade the nodes that are behind.",
		reads: [kinds.Node],
		look: (scene) => {
			const nodes = nodesOf(scene)
			if (nodes.length === 0 || scene.stack.kubernetes === undefined) return noNodes
			const newest = scene.stack.kubernetes
			const versions = nodes.flatMap(({status}) => coerce(status?.nodeInfo?.kubeletVersion)?.version ?? [])
			const range = [...new Set(versions)].sort(compare)
			return {
				seen: `${plural(nodes.length, "node")}, kubelet ${[range[0], range.at(-1)].filter((one, i, all) => all.indexOf(one) === i).join(" to ")}`,
				findings: nodes.flatMap((node) => skewOf(node, newest)),
			}
		},
	},
	{
		id: "kernel-version",
		group: "Kubernetes",
		title: "every node's kernel carries an eBPF dataplane",
		severity: "info",
		doc: `Cilium since 1.18 and Kmesh need Linux ${leastKernel} or newer. Sidecars and Istio ambient do not.`,
		fix: "Upgrade the nodes before a dataplane that needs it is installed.",
		reads: [kinds.Node],
		look: (scene) => {
			const {kernels} = scene.stack
			if (kernels.length === 0) return {notRun: "no Node tells its kernel"}
			return {
				seen: `${plural(kernels.length, "kernel")} looked at`,
				findings: kernels
					.filter(({version}) => lt(version, leastKernel))
					.map(({node, version}) => ({
						object: `Node/${node}`,
						message: `the kernel of ${node} is ${version}`,
					})),
			}
		},
	},
	{
		id: "nodes-ready",
		group: "Kubernetes",
		title: "every node is ready",
		severity: "warning",
		doc: "A node that is not Ready runs no new pods and takes its old ones out of service: a rollout has less room, and a pod there proves nothing.",
		fix: "Bring the node back, or drain and remove it.",
		reads: [kinds.Node],
		look: (scene) => {
			const nodes = nodesOf(scene)
			if (nodes.length === 0) return noNodes
			return {seen: plural(nodes.length, "node"), findings: nodes.flatMap(unready)}
		},
	},
	{
		id: "evidence-readable",
		group: "Kubernetes",
		title: "everything that a plan is made of can be read",
		severity: "error",
		doc: "What may not be read may hold a policy. Heddle plans nothing as long as it does not know, since an empty list that is no list proves nothing.",
		fix: "Grant list on the kinds that are named.",
		reads: [],
		look: ({facts: {unreadable}}) => ({
			seen: "every kind that a plan reads",
			findings: unreadable.map((kind) => ({message: `${kind} cannot be listed`})),
		}),
	},
]

function skewOf(node: Node, newest: string): readonly Finding[] {
	const kubelet = coerce(node.status?.nodeInfo?.kubeletVersion)
	const server = coerce(newest)
	if (kubelet === null || server === null)
		return [{object: refOf(node), message: `${node.metadata.name} does not tell its kubelet's version`}]
	const lag = server.minor - kubelet.minor
	if (kubelet.major === server.major && lag >= 0 && lag <= kubeletLag) return []
	const message = `the kubelet of ${node.metadata.name} is ${kubelet.version}, the API server is ${newest}`
	return [{object: refOf(node), message}]
}

function unready(node: Node): readonly Finding[] {
	const ready = node.status?.conditions?.find(({type}) => type === "Ready")
	if (ready?.status === "True") return []
	return [
		{
			object: refOf(node),
			message: `${node.metadata.name} is not ready${ready?.reason ? ` (${ready.reason})` : ""}`,
		},
	]
}
