import {capabilityOf} from "../../profiles/capability.ts"
import type {Capability, Dataplane} from "../../profiles/dataplane.ts"
import type {FeatureUse} from "../../profiles/features.ts"
import {pairHazards} from "../../profiles/pairs.ts"
import type {Reason} from "../../profiles/reason.ts"
import {reason} from "../../profiles/reasons.ts"
import type {Snapshot} from "../../profiles/snapshot/snapshot.ts"
import type {Installed} from "./facts.ts"
import {because} from "./reasons.ts"
import type {Translations} from "./translations.ts"
import type {Candidate, PlannedFeature} from "./types.ts"
import type {Waypoint} from "./waypoint.ts"
import {isCovered} from "./waypoint-cover.ts"

/** How well one installation carries what a namespace uses. */
export type Fit = {
	readonly installed: Installed
	/** Nothing refuses it. */
	readonly fits: boolean
	readonly features: readonly PlannedFeature[]
	readonly reasons: readonly Reason[]
	/** A feature in use is carried by a waypoint. */
	readonly needsWaypoint: boolean
	/** In words, for people who ask why it was rejected. */
	readonly why: readonly string[]
}

export type FitInput = {
	readonly snapshot: Snapshot
	readonly namespace: string
	readonly uses: readonly FeatureUse[]
	readonly dataplanes: readonly Dataplane[]
	readonly waypoint: Waypoint
	/** The plan changes the namespace's own label before any pod is made. */
	readonly admits: (installed: Installed) => boolean
	/** Extension objects that Heddle brought: the plan changes them or takes them away. */
	readonly brought: ReadonlySet<string>
	/** What the profile's extensions and runtimes say of this target. */
	readonly beside: (installed: Installed) => readonly Reason[]
	/** What becomes of the policies on this target. */
	readonly translated: (installed: Installed) => Translations
	/** Every pod is there already: its health is news, and refuses nothing. */
	readonly isThere: (installed: Installed) => boolean
}

export function fitOf(input: FitInput, installed: Installed): Fit {
	const {dataplane, installation} = installed
	const move = {namespace: input.namespace, to: installation, uses: input.uses}
	const cells = input.uses.map((use) => ({
		use,
		cell: use.carrier === "cni" ? byNetwork(use) : capabilityOf(dataplane, use.name, installation.version),
	}))
	const needsWaypoint = cells.some(({cell}) => cell.support === "waypoint")
	const brings = needsWaypoint && input.waypoint.state !== "ready"
	const reasons = [
		...health(input, installed),
		...cells.flatMap((one) => carried(one, installed, input.waypoint)),
		...dataplane.hazards(input.snapshot, move).filter((one) => !isHandled(one, {input, installed, brings})),
		...pairHazards(input.snapshot, move, input.dataplanes),
		...input.beside(installed),
		...input.translated(installed).reasons,
	]
	const refusing = reasons.filter(({severity}) => severity === "block")
	return {
		installed,
		fits: refusing.length === 0,
		features: cells.map(({use, cell}) => plannedFeature(use, cell)),
		reasons,
		needsWaypoint,
		why: [
			...cells.filter(({cell}) => cell.support === "no").map(({use}) => `${use.name}: no`),
			...refusing
				.filter(({code}) => code !== "FeatureNotSupported")
				.map(({code, message}) => `${code}: ${message}`),
		],
	}
}

/** Rules of the container network hold under every dataplane, none among them. */
const byNetwork = ({name}: FeatureUse): Capability => ({
	feature: name,
	versions: "*",
	support: "native",
	note: "enforced by the container network, whatever the dataplane",
	source: "https://kubernetes.io/docs/concepts/services-networking/network-policies/",
})

/** What the dataplane refuses as things stand, and the plan's own steps put right before any pod moves. */
function isHandled(
	one: Reason,
	{input, installed, brings}: {input: FitInput; installed: Installed; brings: boolean},
): boolean {
	if (one.code === "InjectionLabelConflict") return input.admits(installed)
	if (one.object !== undefined && input.brought.has(one.object)) return true
	const translated = input.translated(installed)
	if (isCarried(one, translated) || translated.settled.has(one.code)) return true
	const {around = input.snapshot} = translated
	return (brings || translated.around !== undefined) && isCovered(one, {...input, snapshot: around})
}

/** What the target would read wrongly as it stands, and what the plan's translation puts in its place. */
const readWrongly: readonly string[] = [
	"L7DenyIsNoOpAtZtunnel",
	"L7DenyOverDeniesAtZtunnel",
	"L7AllowOverDeniesAtZtunnel",
	"TrustDomainsLeftOutAtZtunnel",
	"ActionUnsupportedAtZtunnel",
	"JWTNotVerifiedAtZtunnel",
	"TargetRefsIgnoredBySidecar",
	"VirtualServiceIsAlphaAtWaypoint",
	"VirtualServiceMixedWithHTTPRoute",
	"SubsetsUnsupported",
	"AuthorizationStopsBeingEnforced",
	"LinkerdPolicyStopsBeingEnforced",
	"LinkerdRoutingNotRead",
]

const isCarried = ({code, object}: Reason, {carried}: Translations): boolean =>
	readWrongly.includes(code) && object !== undefined && carried.has(object)

export const candidateOf = ({installed, fits, why}: Fit): Candidate => ({
	dataplane: installed.dataplane.name,
	...(installed.dataplane.family === "None" ? {} : {revision: installed.installation.revision}),
	fits,
	reasons: why,
})

function plannedFeature({name, usedBy, note}: FeatureUse, cell: Capability): PlannedFeature {
	const notes = [cell.note, note].filter((one) => one !== undefined)
	return {name, support: cell.support, usedBy, ...(notes.length === 0 ? {} : {note: notes.join("; ")})}
}

function health(input: FitInput, installed: Installed): readonly Reason[] {
	const {installation, dataplane} = installed
	const known = installation.reasons
	if (installation.healthy) return known
	const name = `${dataplane.name} (${installation.revision})`
	if (input.isThere(installed)) {
		const message = known.map((one) => one.message).join(" ")
		return [because("ControlPlaneDegraded", {message: message === "" ? `${name} is not healthy` : message})]
	}
	return known.some(({severity}) => severity === "block")
		? known
		: [...known, reason("ControlPlaneUnhealthy", {message: `the control plane of ${name} is not healthy`})]
}

type Cell = {readonly use: FeatureUse; readonly cell: Capability}

function carried(
	{use, cell}: Cell,
	{dataplane, installation}: Installed,
	waypoint: Waypoint,
): readonly Reason[] {
	const [object] = use.usedBy
	const users = use.usedBy.join(", ")
	const on = `${dataplane.name}${installation.version === undefined ? "" : ` ${installation.version}`}`
	const say = (verb: string) => ({
		...(object === undefined ? {} : {object}),
		message: `${use.name}, used by ${users}, ${verb} ${on}${cell.note === undefined ? "" : ` (${cell.note})`}`,
	})
	switch (cell.support) {
		case "no":
			return [because("FeatureNotSupported", say("is not carried by"))]
		case "preview":
			return [because("PreviewFeature", say("is a preview on"))]
		case "via":
			return [because("CarriedByAnotherObject", say("is carried by another object on"))]
		case "waypoint":
			return waypoint.state === "ready" ? [] : [because("WaypointOrderUnproven", say("needs a waypoint on"))]
		case "native":
			return []
	}
}
