import type {Evidence} from "../dataplane.ts"
import {annotationOf} from "../pods.ts"
import type {Pod} from "../snapshot/shapes.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"
import {agents} from "./agents.ts"

const key = "ambient.istio.io/redirection"

/** The annotation is written by the CNI agent: `pending` is redirected while ztunnel does not serve it yet. */
export function evidence(pod: Pod, snapshot: Snapshot): Evidence | undefined {
	const redirection = annotationOf(pod, key)
	if (redirection === undefined || redirection === "disabled") return undefined
	if (redirection === "pending") {
		return {
			state: "pending",
			ready: false,
			detail: `${key} is pending: ztunnel has not accepted the pod, its traffic goes nowhere`,
		}
	}
	if (redirection !== "enabled")
		return {state: "broken", ready: false, detail: `${key} has the unknown value ${redirection}`}
	return {state: "in", ...ztunnelBehind(pod, snapshot)}
}

function ztunnelBehind(pod: Pod, snapshot: Snapshot): Pick<Evidence, "ready" | "detail"> {
	const node = pod.spec?.nodeName
	const readyOn = agents(snapshot).get("ztunnel")?.readyOn
	if (node === undefined) return {ready: false, detail: `${key} is enabled, the pod is on no node`}
	if (readyOn === undefined)
		return {ready: false, detail: `${key} is enabled, no ztunnel pod is visible that would carry its traffic`}
	const ready = readyOn.has(node)
	return {ready, detail: `${key} is enabled, ztunnel on ${node} is ${ready ? "ready" : "not ready"}`}
}
