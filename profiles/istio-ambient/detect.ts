import {GatewayClass} from "../apis/gateway-api/kinds.ts"
import {ambientIsOn, type ControlPlane, controlPlanes, versionIn} from "../apis/istio/control-plane.ts"
import {coexistence} from "../cilium/coexistence.ts"
import type {Installation} from "../dataplane.ts"
import {healthOf} from "../istio-sidecar/detect.ts"
import {labelOf} from "../pods.ts"
import type {Reason} from "../reason.ts"
import {reason} from "../reasons.ts"
import {refOf} from "../snapshot/object.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"
import {type Agent, type AgentName, agentNames, agents, isComplete, schedulableNodes} from "./agents.ts"

/** Ambient, of which a cluster can have one: its agents own each node. Nothing of it there: no answer. */
export function detect(snapshot: Snapshot): readonly Installation[] {
	const found = agents(snapshot)
	const ztunnel = found.get("ztunnel")
	const plane = planeOf(snapshot, ztunnel)
	if (ztunnel === undefined && !(plane && ambientIsOn(snapshot, plane))) return []
	const reasons = [
		...agentNames.flatMap((name) => agentReasons(snapshot, name, found.get(name))),
		...planeReasons(snapshot, plane),
		...coexistence(snapshot, "istio-ambient"),
	]
	const version = ztunnelVersion(ztunnel)
	const namespaces = [
		plane?.namespace,
		...[...found.values()].map(({daemonSet}) => daemonSet.metadata.namespace),
	]
	return [
		{
			dataplane: "istio-ambient",
			revision: plane?.revision ?? "default",
			tags: plane?.tags ?? [],
			...(version === undefined ? {} : {version}),
			namespaces: [...new Set(namespaces.filter((name) => name !== undefined))],
			healthy: !reasons.some(({severity}) => severity === "block"),
			reasons,
		},
	]
}

function ztunnelVersion(ztunnel: Agent | undefined): string | undefined {
	const daemonSet = ztunnel?.daemonSet
	const image = versionIn(daemonSet?.spec?.template?.spec?.containers?.[0]?.image)
	return image ?? versionIn(daemonSet && labelOf(daemonSet, "app.kubernetes.io/version"))
}

/** The control plane that serves ztunnel: by ztunnel's own revision, else the only one that has ambient on. */
function planeOf(snapshot: Snapshot, ztunnel: Agent | undefined): ControlPlane | undefined {
	const planes = controlPlanes(snapshot)
	const revision = ztunnel && labelOf(ztunnel.daemonSet, "istio.io/rev")
	const on = planes.filter((plane) => ambientIsOn(snapshot, plane))
	return planes.find((plane) => plane.revision === revision) ?? on[0] ?? planes[0]
}

function planeReasons(snapshot: Snapshot, plane: ControlPlane | undefined): readonly Reason[] {
	if (plane === undefined) {
		const message = "ztunnel is there, no istiod is to be seen that would serve it."
		return [reason("ControlPlaneUnhealthy", {message, fix: "Install istiod with the profile ambient."})]
	}
	const last = ambientIsOn(snapshot, plane) ? waypointReasons(snapshot) : [ambientIsOff(plane)]
	return [...healthOf(plane), ...last]
}

function ambientIsOff({revision}: ControlPlane): Reason {
	const message = `istiod of the revision ${revision} does not have ambient on: PILOT_ENABLE_AMBIENT is not true.`
	return reason("AmbientNotEnabled", {message})
}

function waypointReasons(snapshot: Snapshot): readonly Reason[] {
	if (snapshot.get(GatewayClass, "istio-waypoint") !== undefined) return []
	const message = "There is no GatewayClass istio-waypoint: L4 works, what needs a waypoint does not."
	return [reason("WaypointClassMissing", {message})]
}

function agentReasons(snapshot: Snapshot, name: AgentName, agent: Agent | undefined): readonly Reason[] {
	if (agent === undefined) {
		const fix = `Install ${name}, or allow Heddle to read DaemonSets.`
		return [reason("AmbientAgentsUnready", {message: `The DaemonSet ${name} is not to be seen.`, fix})]
	}
	const {daemonSet, readyOn} = agent
	const object = refOf(daemonSet)
	if (!isComplete(daemonSet)) {
		const {numberReady = 0, desiredNumberScheduled = 0} = daemonSet.status ?? {}
		const message = `${name} is ready on ${numberReady} of ${desiredNumberScheduled} nodes.`
		return [reason("AmbientAgentsUnready", {object, message, fix: `Bring ${name} up on every node first.`})]
	}
	const bare = readyOn === undefined ? [] : schedulableNodes(snapshot).filter((node) => !readyOn.has(node))
	if (bare.length === 0) return []
	const fix = `Let ${name} tolerate the taints of these nodes, or cordon them.`
	return [
		reason("AmbientAgentsUnready", {object, message: `${name} does not run on ${bare.join(", ")}.`, fix}),
	]
}
