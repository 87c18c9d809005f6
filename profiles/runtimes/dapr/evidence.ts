import {labelOf, proxyOf} from "../../pods.ts"
import type {Pod} from "../../snapshot/shapes.ts"
import type {RuntimeEvidence} from "../runtime.ts"
import {asksForDapr} from "./keys.ts"

/**
 * daprd beside the application, as a native sidecar (Dapr 1.18) or as a plain container
 * (dapr:pkg/injector/patcher/sidecar_patcher.go). The injector's label alone may have been copied by hand.
 */
export function evidence(pod: Pod): RuntimeEvidence | undefined {
	const sidecar = proxyOf(pod, "daprd")
	const marked = labelOf(pod, "dapr.io/sidecar-injected") === "true"
	if (sidecar === undefined) {
		if (!asksForDapr(pod) && !marked) return undefined
		return {state: "missing", ready: false, detail: "it asks for Dapr, and the container daprd is not there"}
	}
	const {native, status} = sidecar
	const ready = status?.ready === true
	const what = native ? "the native sidecar daprd" : "the container daprd"
	return {state: "in", ready, native, detail: `${what} is ${ready ? "ready" : "not ready"}`}
}
