import type {KubeCondition} from "../../profiles/snapshot/shapes.ts"

/** Condition types in the order in which they stand in status. All but the last two are there from the first visit. */
export const conditionTypes = [
	/** Everything asked for is so: the namespaces are where they are to be, proven. */
	"Ready",
	/** The spec makes sense, and it is this profile that decides. */
	"Accepted",
	/** A dataplane was chosen that carries what is in use. */
	"FitResolved",
	/** The control plane of that dataplane is installed and healthy. */
	"DataplaneReady",
	/** Policies and routes stand in the form that the dataplane reads. */
	"PoliciesTranslated",
	/** Every workload's pods are proven to be on the dataplane. */
	"WorkloadsEnrolled",
	/** The gates on traffic held. */
	"TrafficVerified",
	/** Nothing is admitted that the old policy denied. */
	"EnforcementVerified",
	/** Only while True: the operator is at work on it, or waits for what will come without a person (kstatus). */
	"Reconciling",
	/** Only while True: nothing will change before a person does something (kstatus). */
	"Stalled",
] as const
export type ConditionType = (typeof conditionTypes)[number]

/** Reasons of conditions and of the Events that tell of their transitions. */
export const reasons = {
	/** Ready: every namespace is where it is to be. */
	upToDate: "UpToDate",
	/** A migration is under way. */
	migrating: "Migrating",
	/** A migration is being undone. */
	rollingBack: "RollingBack",
	/** A migration went back to where it came from. */
	rolledBack: "RolledBack",
	/** A migration stopped and waits for a person. */
	holding: "Holding",
	/** A migration ended without success. */
	migrationFailed: "MigrationFailed",
	/** The plan is refused; the reasons stand in status.fit. */
	blocked: "Blocked",
	/** A risk waits for acceptance; its code stands in status.fit. */
	needsAcceptance: "NeedsAcceptance",
	/** The plan waits for spec.approved of the MeshBinding. */
	awaitingApproval: "AwaitingApproval",
	/** spec.hold of the MeshBinding is true. */
	held: "Held",
	/** spec.paused of the MeshProfile is true. */
	paused: "Paused",
	/** The spec is valid and this profile decides. */
	accepted: "Accepted",
	/** The spec asks for what cannot be; the message names the field. */
	invalid: "Invalid",
	/** Another profile with a higher priority decides for every selected namespace. */
	outranked: "Outranked",
	/** Two profiles of the same priority select a namespace: nothing moves. */
	profileTie: "ProfileTie",
	/** The selector matches no namespace. */
	noNamespaces: "NoNamespaces",
	/** No profile selects the namespace any more. */
	unselected: "Unselected",
	/** A candidate carries everything in use. */
	fits: "Fits",
	/** No candidate carries everything in use. */
	nothingFits: "NothingFits",
	/** The control plane answers and is healthy. */
	healthy: "Healthy",
	/** The control plane is installed and not healthy. */
	unhealthy: "Unhealthy",
	/** Nothing of the dataplane is installed. */
	notInstalled: "NotInstalled",
	/** Every policy has an exact counterpart, or needs none. */
	translated: "Translated",
	/** A policy has no exact counterpart. */
	notExact: "NotExact",
	/** Every pod is proven. */
	enrolled: "Enrolled",
	/** Some pods have yet to be recreated or proven. */
	notEnrolled: "NotEnrolled",
	/** A pod that was captured, or ought to be, is not captured any more. */
	captureLost: "CaptureLost",
	/** A pod outside of every mesh runs in a namespace that admits no plaintext. */
	unmeshed: "Unmeshed",
	/** Labels or annotations lead the next pods elsewhere. */
	drifted: "Drifted",
	/** A check was made and held. */
	verified: "Verified",
	/** A check was made and did not hold. */
	notVerified: "NotVerified",
	/** Nothing that would tell has been seen yet. Never counts as success. */
	noEvidence: "NoEvidence",
	/** The API server refused the operator; the message names verb and resource. */
	forbidden: "Forbidden",
	/** A webhook, a policy of admission or a quota refused what the operator wrote; the message names it. */
	refused: "Refused",
	/** The API server could not be asked, or failed; it is tried again. */
	apiFailure: "APIFailure",
	/** Another writer keeps changing the same keys: the operator stopped. */
	contested: "Contested",
	/** The object is being deleted and its deletionPolicy is carried out. */
	deleting: "Deleting",
} as const
export type ConditionReason = (typeof reasons)[keyof typeof reasons]

/** What an observer says of one condition; times are added by `setConditions`. */
export type Observation = {
	readonly type: ConditionType
	readonly status: "True" | "False" | "Unknown"
	readonly reason: ConditionReason
	readonly message: string
}

/** One observation, in one line. */
export const say = (
	type: ConditionType,
	status: Observation["status"],
	reason: ConditionReason,
	message: string,
): Observation => ({type, status, reason, message})

export type Condition = Required<Pick<KubeCondition, "type" | "reason" | "message">> & {
	readonly status: "True" | "False" | "Unknown"
	readonly lastTransitionTime: string
	readonly observedGeneration?: number
}

const onlyWhileTrue: ReadonlySet<string> = new Set<ConditionType>(["Reconciling", "Stalled"])

/**
 * The next conditions of an object. What is not observed again is kept, except Reconciling and Stalled, which stand
 * only while they are observed to be True. `lastTransitionTime` moves when status changes and at no other time, since
 * people and `kubectl wait` read it as the moment of the change. `now` is RFC 3339.
 */
export function setConditions(args: {
	readonly previous?: readonly Condition[] | undefined
	readonly observed: readonly Observation[]
	readonly generation: number | undefined
	readonly now: string
}): readonly Condition[] {
	const next = new Map(
		(args.previous ?? []).filter(({type}) => !onlyWhileTrue.has(type)).map((one) => [one.type, one]),
	)
	for (const observation of args.observed) {
		if (onlyWhileTrue.has(observation.type) && observation.status !== "True") continue
		const before = args.previous?.find(({type}) => type === observation.type)
		next.set(observation.type, {
			...observation,
			...(args.generation === undefined ? {} : {observedGeneration: args.generation}),
			lastTransitionTime: before?.status === observation.status ? before.lastTransitionTime : args.now,
		})
	}
	return [...next.values()].sort((a, b) => rank(a.type) - rank(b.type))
}

/** Types that are not ours stand between ours and the last two, in the order in which they came. */
function rank(type: string): number {
	const index = (conditionTypes as readonly string[]).indexOf(type)
	if (index < 0) return conditionTypes.length - 3 + 0.5
	return index
}
