import type {Reason, Severity} from "../../profiles/reason.ts"
import {profileReasons} from "../../profiles/reasons.ts"

type Entry = {readonly severity: Severity; readonly doc: string; readonly fix?: string}

/** Every code that the planner itself gives; those of the dataplanes stand in `profiles/reasons.ts`. */
export const planReasons = {
	ProfileTie: {
		severity: "block",
		doc: "Two or more profiles of the same priority select the namespace. Nothing moves until a person decides.",
		fix: "Give one of them a higher spec.priority, or narrow a selector.",
	},
	ProfileOverruled: {
		severity: "info",
		doc: "Another profile selects the namespace as well, and has a lower priority.",
	},
	ControlPlaneNamespace: {
		severity: "block",
		doc: "The namespace belongs to Kubernetes, to a control plane or to Heddle. Such a namespace is never migrated.",
		fix: "Narrow spec.namespaceSelector so that it leaves this namespace out.",
	},
	NamespaceTerminating: {
		severity: "block",
		doc: "The namespace is being deleted.",
		fix: "Nothing to do; it is going away.",
	},
	DataplaneNotSupported: {
		severity: "block",
		doc: "This version of Heddle does not know how to move workloads to this dataplane.",
		fix: "Choose another provider, or leave spec.dataplane.provider out.",
	},
	DataplaneNotInstalled: {
		severity: "block",
		doc: "No control plane of the dataplane was found in the cluster.",
	},
	RevisionNotFound: {
		severity: "block",
		doc: "The dataplane is installed, but not in the revision that the profile names.",
	},
	ControlPlaneDegraded: {
		severity: "info",
		doc: "The namespace is on its dataplane already, and that control plane is not healthy right now.",
		fix: "Bring the control plane back to health.",
	},
	FeatureNotSupported: {
		severity: "block",
		doc: "A feature in use, or required by the profile, is not carried by the target.",
		fix: "Choose another dataplane, or remove what uses the feature.",
	},
	PreviewFeature: {
		severity: "accept",
		doc: "A feature in use is a preview, or unproven, on the target.",
	},
	WaypointOrderUnproven: {
		severity: "accept",
		doc: "A feature in use is carried by a waypoint that the plan brings. The order of the move has not been proved on real traffic.",
		fix: "Try it on a copy of the namespace first, then accept it.",
	},
	CarriedByAnotherObject: {
		severity: "info",
		doc: "The target carries the feature through another kind of object.",
	},
	NoCandidateFits: {
		severity: "block",
		doc: "Several dataplanes were weighed and none carries what is in use.",
	},
	PlaintextCallersUnknown: {
		severity: "accept",
		doc: "Strict mutual TLS will refuse callers without a mesh identity, and there are pods outside every mesh. Without metrics nobody knows whether they call this namespace.",
		fix: "Check the callers, or leave spec.mtls out.",
	},
	PeerAuthenticationConflict: {
		severity: "block",
		doc: "A PeerAuthentication that Heddle does not own says otherwise than the profile: for the whole namespace, where the oldest wins, or for pods or ports of it, which goes before what is said of the whole.",
	},
	CapturedTwice: {
		severity: "block",
		doc: "A pod is captured by two dataplanes at once. What happens to its traffic is undefined.",
		fix: "Remove one enrolment from its template and let it be recreated.",
	},
	RedirectionPending: {
		severity: "block",
		doc: "A pod's traffic is redirected, but its dataplane has not accepted it: it reaches nothing. No pod is moved before that is healed.",
		fix: "Look at the node agent on the pod's node, then delete the pod.",
	},
	EnrolmentBroken: {
		severity: "info",
		doc: "A pod carries the mark of a dataplane that does not capture it.",
		fix: "Remove the mark from the pod template where it was copied; else let the pod be made anew.",
	},
	OriginNotSupported: {
		severity: "block",
		doc: "Pods are on a dataplane that this version of Heddle knows by its marks only: it cannot write the keys that leave it, and a second capture would follow.",
		fix: "Take the pods out of that dataplane first.",
	},
	MixedDataplanes: {
		severity: "info",
		doc: "Some pods are on one dataplane and some on another.",
	},
	NoPods: {
		severity: "info",
		doc: "The namespace has no pods. What its labels declare is taken as where it is.",
	},
	NoPodEvidence: {
		severity: "info",
		doc: "Workloads want replicas, but no pod of them was seen. What is declared is not taken as proof.",
		fix: "Add the pods to the input, or plan against the cluster.",
	},
	NoTrafficMetrics: {
		severity: "info",
		doc: "The gates are pod evidence, readiness, restarts and events. No request is measured.",
	},
	MetricGateNeverPasses: {
		severity: "block",
		doc: "The profile asks for gates on metrics, and nothing that Heddle knows counts requests to a namespace on the target: missing data holds, so the first gate would hold for ever.",
		fix: "Leave spec.migration.gates.prometheus out for this target; the gates are then pod evidence, readiness, restarts and events.",
	},
	LatencyNotComparable: {
		severity: "accept",
		doc: "The gate latencyP99 compares with a baseline that is measured before the move. Nothing measures the time of requests on both dataplanes. Once accepted, the latency is not judged; the success rate still is.",
		fix: "Leave latencyP99 out, or accept that only the success rate is judged.",
	},
	CallOrderUnknown: {
		severity: "info",
		doc: "The safe order depends on who calls whom. Policies name the callers of some workloads, or of none, and no calls were measured. What is not known moves in the order of names.",
		fix: "Name the callers in a policy, or give spec.migration.gates.prometheus, from which calls are read before anything moves.",
	},
	CallOrderFollowed: {
		severity: "info",
		doc: "Workloads move in the order of their calls, clients first or servers first as these two dataplanes need it. The calls are declared by policies and routes, or were measured.",
	},
	CallCycle: {
		severity: "accept",
		doc: "Workloads call each other, or themselves, and rules about requests are checked in a waypoint that a caller with a sidecar skips. Whichever moves first is called past its waypoint until its callers have moved as well: such calls are refused where a policy guards it, and not routed by the waypoint elsewhere.",
		fix: "Put these workloads into one wave (spec.migration.waves.maxConcurrentWorkloads) to make the time short, give them rules that need no waypoint for the time of the move, or accept it.",
	},
	CallCycleTolerated: {
		severity: "info",
		doc: "Workloads call each other, or themselves. Between these dataplanes both orders keep the rules in force; the calls of the mixed time are carried as between the two.",
	},
	CallersLoseIdentity: {
		severity: "accept",
		doc: "Policies name callers by their identity in the mesh, and a workload that has left the mesh has none. One that leaves before the workloads that it calls is refused by their sidecars until they have moved as well. Workloads that call each other, or themselves, meet that in any order.",
		fix: "Put these workloads into one wave (spec.migration.waves.maxConcurrentWorkloads) to make the time short, or accept it.",
	},
	CallersInOtherNamespace: {
		severity: "info",
		doc: "Clients move first between these dataplanes, and workloads of another namespace, which is not on the target yet, may call this one.",
		fix: "Migrate that namespace first.",
	},
	PermissiveWindow: {
		severity: "info",
		doc: "For the time of the move plaintext crosses between workloads on both dataplanes, or is admitted until the step that makes mutual TLS strict. The message names the end of that time and the latest moment at which it comes: no step waits longer than ten minutes for its next pod.",
		fix: "Encrypt below (WireGuard or IPsec) for the time of the move where that is too long, or make waves larger.",
	},
	SingleReplica: {
		severity: "accept",
		doc: "A workload has one replica, and no new pod is started before the old one goes.",
		fix: "Run two replicas, or let a Deployment surge.",
	},
	RecreateStrategy: {
		severity: "accept",
		doc: "A Deployment stops all of its pods before it starts new ones.",
		fix: "Use the strategy RollingUpdate for the time of the move.",
	},
	NoReadinessProbe: {
		severity: "accept",
		doc: "A workload that takes traffic has no readiness probe: new pods get requests before they can answer.",
		fix: "Add a readinessProbe.",
	},
	HostPort: {
		severity: "accept",
		doc: "A host port keeps a new pod off the node of the old one: there is no surge.",
		fix: "Use a Service in place of the host port.",
	},
	VolumeMayNotSurge: {
		severity: "accept",
		doc: "A Deployment mounts a claim. If its volume attaches to one node only, the new pod waits for the old one to go.",
		fix: "Use a ReadWriteMany volume or a StatefulSet, or accept the gap.",
	},
	PartitionInUse: {
		severity: "block",
		doc: "The owner of a StatefulSet holds back a rollout by a partition. Moving its pods would also give those below the partition what is held back from them.",
		fix: "Finish the rollout first (partition 0).",
	},
	OnDeleteStrategy: {
		severity: "accept",
		doc: "The workload replaces pods only when a person deletes them: the namespace stays mixed until then.",
		fix: "Use the update strategy RollingUpdate for the time of the move.",
	},
	DisruptionBudgetExhausted: {
		severity: "accept",
		doc: "A PodDisruptionBudget allows no disruption right now.",
		fix: "Add a replica, or widen the budget.",
	},
	AutoscalerAtMaximum: {
		severity: "accept",
		doc: "The autoscaler is at its maximum: a pod that is missed during the roll is not made up for.",
		fix: "Raise maxReplicas for the time of the move.",
	},
	QuotaWithoutSurgeRoom: {
		severity: "accept",
		doc: "The resource quota leaves no room for one more pod with what the target adds to it.",
		fix: "Raise the quota for the time of the move.",
	},
	DeploymentPaused: {
		severity: "accept",
		doc: "The Deployment is paused: its template can be patched, but it rolls only when a person resumes it.",
		fix: "Resume the Deployment.",
	},
	RolloutUnderWay: {
		severity: "accept",
		doc: "A rollout of the workload has not finished, or some of its pods are not ready.",
		fix: "Wait until the workload is fully rolled and ready.",
	},
	TemplateOwnedByGitOps: {
		severity: "accept",
		doc: "The pod template is written by a GitOps controller, which may revert Heddle's keys and roll the workload again.",
		fix: "Set the keys in git, or let the controller ignore them.",
	},
	TemplateOwnedByHelm: {
		severity: "info",
		doc: "The workload belongs to a Helm release. Helm keeps keys that its chart does not set.",
	},
	NoPreStop: {
		severity: "info",
		doc: "A workload that takes traffic has no preStop hook: it may stop before all endpoints know that it goes.",
		fix: "Add a preStop sleep of 5 to 15 seconds.",
	},
	ShortTerminationGrace: {
		severity: "info",
		doc: "The termination grace period is shorter than endpoints may take to follow.",
		fix: "Set terminationGracePeriodSeconds to more than the longest request.",
	},
	LiveFlip: {
		severity: "accept",
		doc: "The namespace's new label captures, or lets go of, running pods that no step recreates. Their established connections are reset.",
		fix: "Recreate these pods before the label changes.",
	},
	BarePod: {
		severity: "info",
		doc: "Nothing would recreate the pod. Heddle never deletes it; it moves when its owner recreates it.",
		fix: "Recreate the pod when it suits.",
	},
	UnknownController: {
		severity: "info",
		doc: "A controller owns the pods that Heddle does not know how to roll.",
		fix: "Set the keys in the object that owns the pod template.",
	},
	JobFinishesWhereItIs: {
		severity: "info",
		doc: "The template of a Job cannot be changed. A running Job finishes on the dataplane that it started on.",
	},
	CostsMore: {
		severity: "info",
		doc: "The namespace causes more requested CPU or memory after the move than before it.",
	},
	EvidenceUnreadable: {
		severity: "block",
		doc: "A kind that a plan reads could not be listed. A policy of that kind may hold here, and nobody can see it.",
		fix: "grant list on these kinds, or plan with an account that may read them",
	},
	PolicySelectsNothing: {
		severity: "info",
		doc: "A policy selects no pod of its namespace, and no pod that a workload would make. It does nothing here, and nothing on the target; what it is meant to protect stands open.",
		fix: "Correct its selector, or delete it.",
	},
	PoliciesContradict: {
		severity: "info",
		doc: "A policy admits what another refuses, all of it: by that rule nobody comes through. Or two PeerAuthentications are for the same pods and the newer does not count. Both do on the target what they do here.",
		fix: "Decide which of them is meant, and correct or delete the other.",
	},
	PolicyNotProbed: {
		severity: "info",
		doc: "The profile consents to requests that prove the policies, and no request can be sent that this one lets through, or none that it refuses: its callers do not run in the profile's namespaces, it looks at a token, or only at methods that may not be sent.",
		fix: "Give spec.migration.gates.prober.methods where that is harmless; else try it by hand.",
	},
	NotSelected: {
		severity: "info",
		doc: "No profile selects the namespace.",
	},
	UnknownAcceptCode: {
		severity: "info",
		doc: "A code that was accepted is none that Heddle gives.",
		fix: "Check its spelling; heddle plan lists the codes.",
	},
	BlockNotAcceptable: {
		severity: "info",
		doc: "A code that was accepted belongs to a reason that refuses. Those are never lifted.",
	},
} as const satisfies Readonly<Record<string, Entry>>

export type PlanReasonCode = keyof typeof planReasons

/**
 * A reason of the catalogue, with its severity and, unless a better one is known, its fix. `message` is a sentence
 * without its full stop, since parts of it come from elsewhere.
 */
export function because(
	code: PlanReasonCode,
	{message, object, fix}: {readonly message: string; readonly object?: string; readonly fix?: string},
): Reason {
	const entry: Entry = planReasons[code]
	const remedy = fix ?? entry.fix
	return {
		code,
		severity: entry.severity,
		...(object === undefined ? {} : {object}),
		message: `${message}.`,
		...(remedy === undefined ? {} : {fix: remedy}),
	}
}

/** Whether a code is one that Heddle gives, here or in a dataplane's folder. */
export const isKnownCode = (code: string): boolean =>
	Object.hasOwn(planReasons, code) || Object.hasOwn(profileReasons, code)
