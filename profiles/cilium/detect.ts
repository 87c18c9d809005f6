import {ciliumAgent, type NetworkAgent} from "../apis/cilium/agent.ts"
import {ciliumConfig, isOn} from "../apis/cilium/config.ts"
import {versionIn} from "../apis/istio/control-plane.ts"
import type {Installation} from "../dataplane.ts"
import {isComplete, schedulableNodes} from "../istio-ambient/agents.ts"
import {containersOf} from "../pods.ts"
import type {Reason} from "../reason.ts"
import {reason} from "../reasons.ts"
import * as kinds from "../snapshot/kinds.ts"
import {refOf} from "../snapshot/object.ts"
import type {DaemonSet} from "../snapshot/shapes.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"
import {unseen} from "./coexistence.ts"

/** Cilium, of which a cluster can have one. GKE's own build has another name and a folder of its own. */
export function detect(snapshot: Snapshot): readonly Installation[] {
	const agent = ciliumAgent(snapshot)
	if (agent === undefined) return []
	const version = versionOf(agent.daemonSet)
	const reasons = [
		...agentReasons(snapshot, agent),
		...flagReasons(snapshot),
		...(version === undefined ? [versionUnknown(agent.daemonSet)] : []),
	]
	return [
		{
			dataplane: "cilium",
			revision: "default",
			tags: [],
			...(version === undefined ? {} : {version}),
			namespaces: [agent.daemonSet.metadata.namespace ?? "kube-system"],
			healthy: !reasons.some(({severity}) => severity === "block"),
			reasons,
		},
	]
}

function versionOf({spec}: DaemonSet): string | undefined {
	return versionIn(containersOf(spec?.template?.spec).find(({name}) => name === "cilium-agent")?.image)
}

function versionUnknown(daemonSet: DaemonSet): Reason {
	const object = refOf(daemonSet)
	const message =
		"The image of Cilium's agent tells no version; the weakest statement about each feature counts."
	return reason("ControlPlaneVersionUnknown", {object, message, fix: "Pin the image to a release."})
}

/** Why an agent of the network does not serve every node that may get pods. */
export function agentReasons(snapshot: Snapshot, {daemonSet, readyOn}: NetworkAgent): readonly Reason[] {
	const {name} = daemonSet.metadata
	const unready = (message: string) => [reason("CiliumAgentUnready", {object: refOf(daemonSet), message})]
	if (!isComplete(daemonSet)) {
		const {numberReady = 0, desiredNumberScheduled = 0} = daemonSet.status ?? {}
		return unready(`${name} is ready on ${numberReady} of ${desiredNumberScheduled} nodes.`)
	}
	const bare = readyOn === undefined ? [] : schedulableNodes(snapshot).filter((node) => !readyOn.has(node))
	return bare.length === 0 ? [] : unready(`${name} does not run on ${bare.join(", ")}.`)
}

function flagReasons(snapshot: Snapshot): readonly Reason[] {
	const config = ciliumConfig(snapshot)
	if (config === undefined) return [unseen()]
	const spire = "Cilium runs with mesh-auth-mutual-enabled: true."
	return [
		...(isOn(config, "enable-ztunnel") ? ztunnelReasons(snapshot) : []),
		...(isOn(config, "mesh-auth-mutual-enabled")
			? [reason("CiliumMutualAuthenticationDeprecated", {message: spire})]
			: []),
	]
}

/** Source: cilium:install/kubernetes/cilium/templates/ztunnel/daemonset.yaml */
const ztunnel = "ztunnel-cilium"

function ztunnelReasons(snapshot: Snapshot): readonly Reason[] {
	const daemonSet = snapshot.list(kinds.DaemonSet).find(({metadata}) => metadata.name === ztunnel)
	if (daemonSet !== undefined && isComplete(daemonSet)) return []
	const message =
		daemonSet === undefined ? `${ztunnel} is not to be seen.` : `${ztunnel} is not ready on every node.`
	return [reason("ZtunnelOfCiliumUnready", {message})]
}
