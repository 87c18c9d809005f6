import {capabilityOf} from "../../profiles/capability.ts"
import type {Keys} from "../../profiles/dataplane.ts"
import type {Reason} from "../../profiles/reason.ts"
import {runtimes} from "../../profiles/runtimes/registry.ts"
import type {Kind} from "../../profiles/snapshot/kinds.ts"
import type {Snapshot} from "../../profiles/snapshot/snapshot.ts"
import {noKeys} from "./enrolment.ts"
import type {Installed} from "./facts.ts"
import type {Scene} from "./scene.ts"
import type {Workload} from "./workloads/collect.ts"

/** Kinds that application runtimes read. */
export const runtimeKinds: readonly Kind[] = runtimes.flatMap(({reads}) => reads)

/** Keys of application runtimes on a pod template that a migration may have set. */
export const isRuntimeKey = (key: string): boolean => runtimes.some((one) => one.owns(key))

/** Namespaces of the runtimes' own control planes, each with what it belongs to. */
export function runtimeNamespaces(snapshot: Snapshot): readonly (readonly [string, string])[] {
	return runtimes
		.flatMap((runtime) => runtime.detect(snapshot))
		.flatMap(({namespaces, runtime}) =>
			namespaces.map((name) => [name, `the control plane of ${runtime}`] as const),
		)
}

const rolled: ReadonlySet<string> = new Set(["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"])

/** What a workload's template lacks for the runtimes that the profile asks for. */
export function runtimeKeys({snapshot, spec}: Pick<Scene, "snapshot" | "spec">) {
	return ({object, template, kind}: Workload): Keys => {
		const {runtime: wish} = spec
		if (wish === undefined || object === undefined || !rolled.has(kind)) return noKeys
		const all = runtimes.map((runtime) => runtime.enrol(snapshot, {object, template}, wish))
		return {
			labels: Object.assign({}, ...all.map(({labels}) => labels)),
			annotations: Object.assign({}, ...all.map(({annotations}) => annotations)),
		}
	}
}

/** What the runtimes of a namespace have to say of a move. */
export function runtimeReasons(
	{snapshot, name, spec}: Pick<Scene, "snapshot" | "name" | "spec">,
	{dataplane, installation}: Installed,
): readonly Reason[] {
	const move = {
		namespace: name,
		wish: spec.runtime ?? {},
		to: dataplane.name,
		// Asked only where a runtime is in use: versions are slow to compare, and this is done for every namespace.
		get encrypts() {
			return capabilityOf(dataplane, "MTLSPermissive", installation.version).support === "native"
		},
		injects: dataplane.family === "Sidecar",
	}
	const all = runtimes.flatMap((runtime) => runtime.hazards(snapshot, move))
	// Engines that share a RuntimeClass say the same of it.
	return [...new Map(all.map((one) => [`${one.code} ${one.object} ${one.message}`, one])).values()]
}
