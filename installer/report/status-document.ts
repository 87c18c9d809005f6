import type {MeshBinding} from "../../crds/generated.ts"

/**
 * What the bindings know, in the shape of a plan. Lists that a binding does not hold are empty, and cost is left
 * out, since nothing measured it.
 */
export function statusDocument(bindings: readonly MeshBinding[]) {
	return {apiVersion: "heddle.dev/v1alpha1", kind: "Status", namespaces: bindings.map(statusOf)} as const
}

export type Status = ReturnType<typeof statusDocument>
export type NamespaceStatus = ReturnType<typeof statusOf>

function statusOf({metadata, spec, status = {}}: MeshBinding) {
	const {fit = {}, migration, history = [], conditions = [], workloads = {}} = status
	return {
		namespace: metadata.namespace ?? "",
		...given({profile: status.profile}),
		from: {dataplane: status.dataplane ?? "unknown", ...given({revision: status.revision})},
		to:
			fit.to === undefined
				? null
				: {dataplane: fit.to, mode: fit.mode ?? "", ...given({revision: fit.revision})},
		verdict: fit.verdict ?? "Unknown",
		...readiness(conditions),
		features: [],
		reasons: fit.reasons ?? [],
		candidates: [],
		translations: [],
		workloads: [],
		steps: (migration?.steps ?? []).map((step) => ({...step, note: step.message ?? ""})),
		spec: spec ?? {},
		workloadCounts: workloads,
		...given({migration}),
		history,
		conditions,
	}
}

type Conditions = NonNullable<NonNullable<MeshBinding["status"]>["conditions"]>

function readiness(conditions: Conditions): {ready: string; reason: string; message: string} {
	const ready = conditions.find(({type}) => type === "Ready")
	if (ready === undefined) {
		return {ready: "Unknown", reason: "NotObserved", message: "the operator has not looked at it yet"}
	}
	return {ready: ready.status, reason: ready.reason, message: ready.message}
}

/** Leaves out what is undefined: it is absent, not null. */
function given<T extends object>(fields: T): {[K in keyof T]?: Exclude<T[K], undefined>} {
	return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as ReturnType<
		typeof given<T>
	>
}
