import type {Live} from "./api.ts"

/** `waiting` says for what; `failed` that it will not come by itself. */
export type Readiness =
	| {readonly state: "ready"}
	| {readonly state: "waiting"; readonly note: string}
	| {readonly state: "failed"; readonly note: string}

type Condition = {
	readonly type: string
	readonly status: string
	readonly reason?: string
	readonly message?: string
}
type Status = {
	readonly observedGeneration?: number
	/** Null on a CRD that was made this moment. */
	readonly conditions?: readonly Condition[] | null
	readonly replicas?: number
	readonly updatedReplicas?: number
	readonly availableReplicas?: number
	readonly readyReplicas?: number
	readonly desiredNumberScheduled?: number
	readonly updatedNumberScheduled?: number
	readonly numberAvailable?: number
}
type Spec = {readonly replicas?: number; readonly updateStrategy?: {readonly type?: string}}

const ready: Readiness = {state: "ready"}
const waiting = (note: string): Readiness => ({state: "waiting", note})

/** Whether an object is as far as what depends on it needs it. What is not listed is ready once it is stored. */
export function readinessOf(live: Live): Readiness {
	return judges[live.kind]?.(live, (live.status ?? {}) as Status, (live.spec ?? {}) as Spec) ?? ready
}

type Judge = (live: Live, status: Status, spec: Spec) => Readiness

const judges: Readonly<Record<string, Judge>> = {
	CustomResourceDefinition: (_live, status) => definition(status),
	Deployment: (live, status, spec) => deployment(live, status, spec),
	StatefulSet: (live, status, spec) => statefulSet(live, status, spec),
	DaemonSet: (live, status, spec) => daemonSet(live, status, spec),
	Job: (_live, status) => job(status),
	APIService: (_live, status) =>
		isTrue(status, "Available") ? ready : waiting(why(status, "Available", "its server answers")),
}

const conditionOf = ({conditions}: Status, type: string) => conditions?.find((one) => one.type === type)
const isTrue = (status: Status, type: string) => conditionOf(status, type)?.status === "True"
const why = (status: Status, type: string, otherwise: string) =>
	conditionOf(status, type)?.message ?? otherwise

function definition(status: Status): Readiness {
	const names = conditionOf(status, "NamesAccepted")
	if (names?.status === "False")
		return {state: "failed", note: names.message ?? "its names are taken by another CRD"}
	return isTrue(status, "Established") ? ready : waiting("to be Established")
}

/** The controller has not seen the change: what the status says is about the object as it was. */
const isStale = ({metadata}: Live, {observedGeneration = 0}: Status) =>
	observedGeneration < (metadata.generation ?? 1)

function deployment(live: Live, status: Status, {replicas = 1}: Spec): Readiness {
	if (isStale(live, status)) return waiting("its controller to see it")
	const progress = conditionOf(status, "Progressing")
	if (progress?.reason === "ProgressDeadlineExceeded")
		return {state: "failed", note: progress.message ?? "it makes no progress"}
	const {updatedReplicas = 0, availableReplicas = 0, replicas: all = 0} = status
	if (updatedReplicas < replicas) return waiting(`${updatedReplicas} of ${replicas} pods are new`)
	if (availableReplicas < replicas) return waiting(`${availableReplicas} of ${replicas} pods are available`)
	return all > updatedReplicas ? waiting(`${all - updatedReplicas} old pods are still there`) : ready
}

function statefulSet(live: Live, status: Status, {replicas = 1}: Spec): Readiness {
	if (isStale(live, status)) return waiting("its controller to see it")
	const {updatedReplicas = 0, readyReplicas = 0} = status
	const least = Math.min(updatedReplicas, readyReplicas)
	return least < replicas ? waiting(`${least} of ${replicas} pods are ready`) : ready
}

function daemonSet(live: Live, status: Status, {updateStrategy}: Spec): Readiness {
	if (isStale(live, status)) return waiting("its controller to see it")
	const {desiredNumberScheduled = 0, updatedNumberScheduled = 0, numberAvailable = 0} = status
	const updated = updateStrategy?.type === "OnDelete" ? desiredNumberScheduled : updatedNumberScheduled
	const least = Math.min(updated, numberAvailable)
	return least < desiredNumberScheduled
		? waiting(`${least} of ${desiredNumberScheduled} nodes have it`)
		: ready
}

function job(status: Status): Readiness {
	if (isTrue(status, "Failed")) return {state: "failed", note: why(status, "Failed", "its pods failed")}
	return isTrue(status, "Complete") ? ready : waiting("to complete")
}
