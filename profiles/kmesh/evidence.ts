import type {Evidence} from "../dataplane.ts"
import {annotationOf, labelOf} from "../pods.ts"
import type {Pod} from "../snapshot/shapes.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"
import {kmeshAgent} from "./agents.ts"

const key = "kmesh.net/redirection"

/**
 * The annotation is written by the agent once the pod is Ready, and taken away when the pod is not enrolled any more.
 * A pod that is labelled for something else and still carries it was given it by hand.
 */
export function evidence(pod: Pod, snapshot: Snapshot): Evidence | undefined {
	const redirection = annotationOf(pod, key)
	if (redirection === undefined) return undefined
	if (redirection !== "enabled") return broken(`${key} has the unknown value ${redirection}`)
	const mode = labelOf(pod, "istio.io/dataplane-mode")
	if (mode !== undefined && mode !== "" && mode.toLowerCase() !== "kmesh")
		return broken(`${key} is enabled, the pod's own label istio.io/dataplane-mode says ${mode}`)
	if (labelOf(pod, "kmesh.net/bypass") === "enabled")
		return broken(`${key} is enabled, the label kmesh.net/bypass lets its traffic pass Kmesh by`)
	return {state: "in", ...agentBehind(pod, snapshot)}
}

function broken(detail: string): Evidence {
	return {state: "broken", ready: false, detail}
}

function agentBehind(pod: Pod, snapshot: Snapshot): Pick<Evidence, "ready" | "detail"> {
	const node = pod.spec?.nodeName
	const readyOn = kmeshAgent(snapshot)?.readyOn
	if (node === undefined) return {ready: false, detail: `${key} is enabled, the pod is on no node`}
	if (readyOn === undefined)
		return {
			ready: false,
			detail: `${key} is enabled, no agent of Kmesh is visible that would carry its traffic`,
		}
	const ready = readyOn.has(node)
	return {ready, detail: `${key} is enabled, Kmesh's agent on ${node} is ${ready ? "ready" : "not ready"}`}
}
