import {satisfies} from "semver"
import {ambientIsOn, type ControlPlane, controlPlanes, versionOf} from "../apis/istio/control-plane.ts"
import type {Installation} from "../dataplane.ts"
import {isComplete, schedulableNodes} from "../istio-ambient/agents.ts"
import {healthOf} from "../istio-sidecar/detect.ts"
import {listed} from "../names.ts"
import type {Reason} from "../reason.ts"
import {reason} from "../reasons.ts"
import * as kinds from "../snapshot/kinds.ts"
import {refOf} from "../snapshot/object.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"
import {type KmeshAgent, kmeshAgent} from "./agents.ts"
import {kernelOf} from "./kernel.ts"
import {imageAnnotation} from "./pages.ts"

/** Istio releases that Kmesh is tested with. Source: kmesh v1.2.0:docs/en/kmesh_support.md, test/e2e/run_test.sh. */
const istioWindow = ">=1.22.0 <1.26.0"
const kernelWindow = ">=5.10.0"

/** Kmesh, of which a cluster can have one. It brings no control plane: an istiod serves it. */
export function detect(snapshot: Snapshot): readonly Installation[] {
	const agent = kmeshAgent(snapshot)
	if (agent === undefined) return []
	const plane = istiodOf(snapshot, agent)
	const reasons = [
		...agentReasons(snapshot, agent),
		...kernelReasons(snapshot),
		...planeReasons(snapshot, agent, plane),
		...modeReasons(agent),
		...neighbours(snapshot),
	]
	const {version, daemonSet} = agent
	return [
		{
			dataplane: "kmesh",
			revision: "default",
			tags: [],
			...(version === undefined ? {} : {version}),
			// Istio's namespace stands first: its policies hold for the whole mesh.
			namespaces: [
				...new Set([plane?.namespace, daemonSet.metadata.namespace].flatMap((name) => name ?? [])),
			],
			healthy: !reasons.some(({severity}) => severity === "block"),
			reasons,
			...(version === undefined ? {} : {waypoint: waypointOf(version, plane)}),
		},
	]
}

/** As `kmeshctl waypoint apply` makes it, for the istiod that serves Kmesh. */
const waypointOf = (
	version: string,
	plane: ControlPlane | undefined,
): NonNullable<Installation["waypoint"]> => ({
	labels: plane === undefined || plane.revision === "default" ? {} : {"istio.io/rev": plane.revision},
	annotations: {[imageAnnotation]: `ghcr.io/kmesh-net/waypoint:v${version}`},
})

/** The control plane behind the address that the agent is configured with. */
export function istiodOf(snapshot: Snapshot, {istiod}: KmeshAgent): ControlPlane | undefined {
	return controlPlanes(snapshot).find(
		({deployment, service, namespace}) =>
			namespace === istiod.namespace &&
			[service, deployment].some((object) => object?.metadata.name === istiod.name),
	)
}

function agentReasons(snapshot: Snapshot, {daemonSet, readyOn, version}: KmeshAgent): readonly Reason[] {
	const object = refOf(daemonSet)
	const {numberReady = 0, desiredNumberScheduled = 0} = daemonSet.status ?? {}
	const bare = readyOn === undefined ? [] : schedulableNodes(snapshot).filter((node) => !readyOn.has(node))
	const unready = (message: string) => [reason("KmeshAgentsUnready", {object, message})]
	return [
		...(isComplete(daemonSet)
			? bare.length === 0
				? []
				: unready(`Kmesh's agent does not run on ${listed(bare)}.`)
			: unready(`Kmesh's agent is ready on ${numberReady} of ${desiredNumberScheduled} nodes.`)),
		...(version === undefined
			? [
					reason("ControlPlaneVersionUnknown", {
						object,
						message: "The image of Kmesh's agent tells no version; the weakest statement counts.",
						fix: "Pin the image of the DaemonSet to a release.",
					}),
				]
			: []),
	]
}

function kernelReasons(snapshot: Snapshot): readonly Reason[] {
	const old = snapshot.list(kinds.Node).filter((node) => {
		const kernel = kernelOf(node)
		return kernel !== undefined && !satisfies(kernel, kernelWindow)
	})
	if (old.length === 0) return []
	const message = `The kernel of ${listed(old.map(({metadata}) => metadata.name))} is older than 5.10, which Kmesh's eBPF programs need.`
	return [reason("KmeshKernelTooOld", {message})]
}

function planeReasons(
	snapshot: Snapshot,
	{istiod, mode}: KmeshAgent,
	plane: ControlPlane | undefined,
): readonly Reason[] {
	if (plane === undefined) {
		const message = `Kmesh asks ${istiod.name}.${istiod.namespace} for its configuration, and no such istiod is to be seen.`
		return [
			reason("ControlPlaneUnhealthy", {message, fix: "Set XDS_ADDRESS of the DaemonSet kmesh to an istiod."}),
		]
	}
	const off = mode === "dual-engine" && !ambientIsOn(snapshot, plane)
	const message = `istiod of the revision ${plane.revision} does not have PILOT_ENABLE_AMBIENT on, which Kmesh's dual-engine mode needs.`
	return [
		...healthOf(plane),
		...istioReasons(plane),
		...(off ? [reason("AmbientNotEnabled", {message, fix: "Set PILOT_ENABLE_AMBIENT=true on istiod."})] : []),
	]
}

function istioReasons(plane: ControlPlane): readonly Reason[] {
	const version = versionOf(plane)
	if (version !== undefined && satisfies(version, istioWindow, {includePrerelease: true})) return []
	const found = version === undefined ? "an Istio whose version nothing tells" : `Istio ${version}`
	const message = `Kmesh is served by ${found}; it is tested with 1.22 to 1.25.`
	return [reason(version === undefined ? "KmeshIstioUnknown" : "KmeshIstioUnsupported", {message})]
}

function modeReasons({mode, ipsec}: KmeshAgent): readonly Reason[] {
	const message = ipsec
		? "Traffic between nodes is encrypted by IPsec with one key for the cluster; within a node it is plaintext."
		: "Kmesh runs without IPsec: traffic is plaintext."
	return [
		...(mode === "kernel-native"
			? [
					reason("KmeshKernelNative", {
						message: "Kmesh runs in its kernel-native mode: no waypoint, and no authorization.",
					}),
				]
			: []),
		reason("KmeshEncryption", {message}),
	]
}

/** Both redirect on the node. A pod is one's or the other's, since they share the key of the label. */
function neighbours(snapshot: Snapshot): readonly Reason[] {
	if (!snapshot.list(kinds.DaemonSet).some(({metadata}) => metadata.name === "ztunnel")) return []
	const message = "ztunnel runs in the cluster as well; nobody states that both agents work on one node."
	return [reason("KmeshBesideZtunnel", {message})]
}
