import {readyNodes} from "../../istio-ambient/agents.ts"
import {perSnapshot} from "../../memo.ts"
import {labelOf} from "../../pods.ts"
import * as kinds from "../../snapshot/kinds.ts"
import type {DaemonSet} from "../../snapshot/shapes.ts"
import type {Snapshot} from "../../snapshot/snapshot.ts"

/** The DaemonSet of a container network, and where it runs. */
export type NetworkAgent = {
	readonly daemonSet: DaemonSet
	/** Nodes with a Ready pod of the agent; undefined when none of its pods is visible, which proves nothing. */
	readonly readyOn: ReadonlySet<string> | undefined
}

/** Elsewhere than in kube-system a DaemonSet that is only called so has to say that it is Cilium's agent. */
const isAgent = (name: string) => (one: DaemonSet) =>
	one.metadata.name === name && (one.metadata.namespace === "kube-system" || labelOf(one, "k8s-app") === name)

const agentNamed = (name: string) =>
	perSnapshot((snapshot): NetworkAgent | undefined => {
		const daemonSet = snapshot.list(kinds.DaemonSet).find(isAgent(name))
		return daemonSet && {daemonSet, readyOn: readyNodes(snapshot, daemonSet)}
	})

/** Cilium as its users or their provider installed it. */
export const ciliumAgent = agentNamed("cilium")

/** Cilium as GKE runs it: Dataplane V2. Nobody but GKE changes its flags. */
export const anetd = agentNamed("anetd")

/** Whichever of the two is the container network. */
export const networkAgent = (snapshot: Snapshot): NetworkAgent | undefined =>
	anetd(snapshot) ?? ciliumAgent(snapshot)
