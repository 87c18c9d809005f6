import {isReady} from "../../pods.ts"
import type {Pod} from "../../snapshot/shapes.ts"
import type {Snapshot} from "../../snapshot/snapshot.ts"
import {nothingToSet, type Runtime, type RuntimeEvidence, type RuntimeInstallation} from "../runtime.ts"
import {wasmHazards} from "./hazards.ts"
import {handlerOf, RuntimeClass} from "./runtime-class.ts"

/**
 * An engine that runs whole pods by a RuntimeClass. Heddle writes nothing for it: the class holds for the pod, and the
 * image of a native program is no module.
 */
export function wasmRuntime(name: string): Runtime {
	return {
		name,
		reads: [RuntimeClass],
		detect: (snapshot) => detect(snapshot, name),
		enrol: () => nothingToSet,
		owns: () => false,
		evidence: (pod, snapshot) => evidence(pod, snapshot, name),
		hazards: wasmHazards(name),
		costs: [],
	}
}

/** A class says what a node's runtime is asked for; whether the node has the shim, no API object tells. */
function detect(snapshot: Snapshot, name: string): readonly RuntimeInstallation[] {
	const found = snapshot.list(RuntimeClass).some((one) => handlerOf(one)?.engine === name)
	return found ? [{runtime: name, namespaces: [], healthy: true, reasons: []}] : []
}

/** That it asked for the class and got Ready is all that the API tells: there is no field that says how it ran. */
function evidence(pod: Pod, snapshot: Snapshot, name: string): RuntimeEvidence | undefined {
	const className = pod.spec?.runtimeClassName
	const found = className === undefined ? undefined : snapshot.get(RuntimeClass, className)
	if (found === undefined || handlerOf(found)?.engine !== name) return undefined
	const ready = isReady(pod)
	return {
		state: "in",
		ready,
		detail: `it asks for the RuntimeClass ${className} and is ${ready ? "Ready" : "not Ready"}`,
	}
}
