import {versionIn} from "../apis/istio/control-plane.ts"
import {perSnapshot} from "../memo.ts"
import {containersOf, isReady, labelOf} from "../pods.ts"
import * as kinds from "../snapshot/kinds.ts"
import type {Container, DaemonSet} from "../snapshot/shapes.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"

/** `kernel-native` routes HTTP in a patched kernel, `dual-engine` L4 in eBPF and L7 at waypoints. */
export type KmeshMode = "dual-engine" | "kernel-native"

/** Kmesh's agent, of which a cluster can have one: it owns the eBPF programs of each node. */
export type KmeshAgent = {
	readonly daemonSet: DaemonSet
	/** Absent for an image such as `latest`; the chart's own version label is a constant and tells nothing. */
	readonly version?: string
	readonly mode: KmeshMode
	readonly ipsec: boolean
	/** The Service of istiod that it takes its configuration from. */
	readonly istiod: {readonly name: string; readonly namespace: string}
	/** Nodes with a Ready pod of the agent; undefined when none of its pods is visible, which proves nothing. */
	readonly readyOn: ReadonlySet<string> | undefined
}

const kmeshNamespace = "kmesh-system"

/** Source: kmesh v1.2.0:deploy/charts/kmesh-helm/templates/daemonset.yaml, daemon/options/bpf.go. */
export const kmeshAgent = perSnapshot((snapshot): KmeshAgent | undefined => {
	const all = snapshot
		.list(kinds.DaemonSet)
		.filter((one) => one.metadata.name === "kmesh" && labelOf(one, "app") === "kmesh")
	const daemonSet = all.find(({metadata}) => metadata.namespace === kmeshNamespace) ?? all[0]
	if (daemonSet === undefined) return undefined
	const container = containersOf(daemonSet.spec?.template?.spec).find(({name}) => name === "kmesh")
	const version = versionIn(container?.image)
	const flags = listOf(container?.args).join(" ")
	return {
		daemonSet,
		...(version === undefined ? {} : {version}),
		mode: /--mode[= ]kernel-native\b/.test(flags) ? "kernel-native" : "dual-engine",
		ipsec: /--enable-ipsec(?!=false)\b/.test(flags),
		istiod: istiodOf(container),
		readyOn: readyNodes(snapshot, daemonSet),
	}
})

/** Objects from files were not validated: what should be a list may be anything. */
const listOf = <T>(value: readonly T[] | undefined): readonly T[] => (Array.isArray(value) ? value : [])

function istiodOf(container: Container | undefined): KmeshAgent["istiod"] {
	const address = listOf(container?.env).find(({name}) => name === "XDS_ADDRESS")?.value ?? ""
	const [name, namespace] = (address.split(":")[0] ?? "").split(".")
	return {name: name || "istiod", namespace: namespace ?? "istio-system"}
}

function readyNodes(snapshot: Snapshot, {metadata}: DaemonSet): ReadonlySet<string> | undefined {
	const pods = snapshot
		.list(kinds.Pod, metadata.namespace)
		.filter((pod) =>
			(pod.metadata.ownerReferences ?? []).some(({kind, name}) => kind === "DaemonSet" && name === "kmesh"),
		)
	if (pods.length === 0) return undefined
	return new Set(pods.filter(isReady).flatMap(({spec}) => spec?.nodeName ?? []))
}
