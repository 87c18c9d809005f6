import type {Dataplane} from "../../../profiles/dataplane.ts"
import type {StringMap} from "../../../profiles/snapshot/object.ts"
import type {Snapshot} from "../../../profiles/snapshot/snapshot.ts"
import {templatesIn} from "../../../profiles/workloads.ts"
import type {ProbeCaller} from "./probe.ts"

/** Identities that workloads of these namespaces run with, each once, with what captures the first that has it. */
export function callersIn(
	snapshot: Snapshot,
	namespaces: readonly string[],
	dataplanes: readonly Dataplane[],
): readonly ProbeCaller[] {
	const owned = (map: StringMap | undefined): StringMap =>
		Object.fromEntries(
			Object.entries(map ?? {}).filter(([key]) => dataplanes.some((dataplane) => dataplane.owns(key))),
		)
	const found = new Map<string, ProbeCaller>()
	for (const namespace of namespaces)
		for (const {template} of templatesIn(snapshot, namespace)) {
			const serviceAccount = template.spec?.serviceAccountName ?? "default"
			const key = `${namespace}/${serviceAccount}`
			if (template.spec?.hostNetwork === true || found.has(key)) continue
			const {labels, annotations} = template.metadata ?? {}
			const keys = {labels: owned(labels), annotations: owned(annotations)}
			found.set(key, {namespace, serviceAccount, keys})
		}
	return [...found.values()]
}
