import type {Evidence} from "../dataplane.ts"
import {annotationOf} from "../pods.ts"
import type {Pod} from "../snapshot/shapes.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"
import {agents} from "./agents.ts"

/** The annotation is known from a secondary source alone: pods that carry it are never taken for unmeshed ones. */
const key = "ambient.networking.gke.io/redirection"

export function evidence(pod: Pod, snapshot: Snapshot): Evidence | undefined {
	if (annotationOf(pod, key) !== "enabled") return undefined
	const node = pod.spec?.nodeName
	const ready = node !== undefined && agents(snapshot).get("gke-ambient-proxy")?.readyOn?.has(node) === true
	const proxy = ready
		? `the proxy on ${node} is ready`
		: `no ready proxy is to be seen on ${node ?? "its node"}`
	return {state: "in", ready, detail: `${key} is enabled, ${proxy}`}
}
