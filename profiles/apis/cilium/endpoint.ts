import type {Evidence} from "../../dataplane.ts"
import {perSnapshot} from "../../memo.ts"
import {annotationOf, isReady, proxyOf} from "../../pods.ts"
import type {Custom, Pod} from "../../snapshot/shapes.ts"
import type {Snapshot} from "../../snapshot/snapshot.ts"
import type {NetworkAgent} from "./agent.ts"
import {CiliumEndpoint} from "./kinds.ts"

/** States in which the rules of before stay in force while new ones are put in place. */
const renewing = ["waiting-to-regenerate", "regenerating"]
/** States on the way to the first rules. */
const starting = ["creating", "waiting-for-identity", "not-ready", "restoring"]

/** Some agent keeps CiliumEndpoints; with disable-endpoint-crd, or in a dump that leaves them out, there are none. */
const keepsEndpoints = perSnapshot((snapshot): boolean => snapshot.list(CiliumEndpoint).length > 0)

/**
 * What Cilium's own objects prove of one pod: whether its agent has put rules in place for it. Without any
 * CiliumEndpoint to look at, the agent on the pod's node stands for it.
 */
export function endpointEvidence(pod: Pod, snapshot: Snapshot, agent: NetworkAgent): Evidence | undefined {
	const {name, namespace} = pod.metadata
	const node = pod.spec?.nodeName
	const served = node !== undefined && agent.readyOn?.has(node) === true
	const where = served
		? `the agent on ${node} is ready`
		: `no ready agent is to be seen on ${node ?? "its node"}`
	if (!keepsEndpoints(snapshot))
		return {state: "in", ready: served, detail: `no CiliumEndpoint is to be seen, ${where}`}
	const endpoint = snapshot.get(CiliumEndpoint, name, namespace)
	if (endpoint === undefined) return unmanaged(pod)
	const state = stateOf(endpoint)
	if (state === "ready") return {state: "in", ready: served, detail: `its CiliumEndpoint is ready, ${where}`}
	if (renewing.includes(state)) return {state: "in", ready: false, detail: `its CiliumEndpoint is ${state}`}
	if (starting.includes(state))
		return {state: "pending", ready: false, detail: `its CiliumEndpoint is ${state}`}
	return {state: "broken", ready: false, detail: `its CiliumEndpoint has the state ${state || "(none)"}`}
}

function stateOf({status}: Custom): string {
	return typeof status?.state === "string" ? status.state : ""
}

/** A pod that has just started gets its CiliumEndpoint in a moment; one that serves already should have it. */
function unmanaged(pod: Pod): Evidence | undefined {
	if (!isReady(pod)) return undefined
	return {
		state: "broken",
		ready: false,
		detail:
			"it has no CiliumEndpoint: it was made before Cilium was its network, and no rule of Cilium's holds for it",
	}
}

const proxies = ["istio-proxy", "linkerd-proxy"]
const kmesh = "kmesh.net/redirection"
const redirections = ["ambient.istio.io/redirection", "ambient.networking.gke.io/redirection", kmesh]

/** A mesh carries the pod's traffic above the container network: then that mesh is where the pod is. */
export const isInMeshAbove = (pod: Pod): boolean =>
	proxies.some((name) => proxyOf(pod, name) !== undefined) ||
	redirections.some((key) => ["enabled", "pending"].includes(annotationOf(pod, key) ?? ""))

/** That mesh gives it mTLS of its own; Kmesh has none. */
export const hasMeshMTLS = (pod: Pod): boolean => isInMeshAbove(pod) && annotationOf(pod, kmesh) === undefined
