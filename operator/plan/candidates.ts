import type {MeshProfile} from "../../crds/generated.ts"
import {conflictsWith} from "../../profiles/conflicts/conflicts.ts"
import type {Dataplane, Mode} from "../../profiles/dataplane.ts"
import type {Reason} from "../../profiles/reason.ts"
import type {ClusterFacts, Installed} from "./facts.ts"
import {because} from "./reasons.ts"
import type {Candidate, From} from "./types.ts"

/** Whom a profile could mean, before anybody asks whether it fits. */
export type Field = {
	readonly installed: readonly Installed[]
	/** Dataplanes that the mode could mean and that are not there, with why. */
	readonly missing: readonly Candidate[]
	/** Why there is nobody to choose from; empty when there is. */
	readonly reasons: readonly Reason[]
}

export type FieldInput = {
	readonly profile: MeshProfile
	readonly dataplanes: readonly Dataplane[]
	readonly facts: ClusterFacts
	readonly from: From
}

export function fieldOf(input: FieldInput): Field {
	const {mode, provider} = input.profile.spec.dataplane
	const served = input.dataplanes.filter(
		(one) => serves(one, mode) && (provider === undefined || one.name === provider),
	)
	if (provider !== undefined && served.length === 0) return unsupported(provider)
	const found = served.map((dataplane) => pick(dataplane, input))
	const installed = found.flatMap((one) => one.installed ?? [])
	if (installed.length > 0)
		return {installed, missing: found.flatMap((one) => one.missing ?? []), reasons: []}
	const missing = found.flatMap((one) => one.missing ?? [])
	return {installed, missing, reasons: found.flatMap((one) => one.reasons ?? [])}
}

/** Auto leaves the family open, except that it never takes a namespace out of every mesh. */
const serves = (dataplane: Dataplane, mode: Mode): boolean =>
	mode === "Auto" ? dataplane.family !== "None" : dataplane.modes.includes(mode)

function unsupported(provider: string): Field {
	const message = `This version of Heddle knows ${provider} by name only: it cannot move workloads to it`
	return {
		installed: [],
		missing: [{dataplane: provider, fits: false, reasons: ["not supported by this version of Heddle"]}],
		reasons: [because("DataplaneNotSupported", {message})],
	}
}

type Pick = {
	readonly installed?: Installed
	readonly missing?: Candidate
	readonly reasons?: readonly Reason[]
}

function pick(dataplane: Dataplane, {profile, facts, from}: FieldInput): Pick {
	const {name} = dataplane
	const all = facts.installed.filter((one) => one.dataplane === dataplane)
	if (all.length === 0) return notInstalled(name, facts, profile.spec.dataplane.provider !== undefined)
	const {revision} = profile.spec.dataplane
	if (revision === undefined) return {installed: preferred(all, from)}
	const installed = all.find(
		({installation}) => installation.revision === revision || installation.tags.includes(revision),
	)
	if (installed !== undefined) return {installed}
	const there = all
		.map(({installation}) => [installation.revision, ...installation.tags].join("="))
		.join(", ")
	return {
		missing: {dataplane: name, revision, fits: false, reasons: [`no revision ${revision}`]},
		reasons: [
			because("RevisionNotFound", {
				message: `${name} is installed, but not in the revision ${revision}; there is ${there}`,
				fix: "Name one of these in spec.dataplane.revision, or install that revision.",
			}),
		],
	}
}

/** Whoever reads that it is missing may install it next: what would speak against that is said at once. */
function notInstalled(name: string, {stack}: ClusterFacts, pinned: boolean): Pick {
	const conflicts = conflictsWith(stack, {dataplane: name})
	const why = conflicts.map(({code, message}) => `${code}: ${message}`)
	return {
		missing: {dataplane: name, fits: false, reasons: ["not installed", ...why]},
		reasons: [
			because("DataplaneNotInstalled", {
				message: `No control plane of ${name} was found in the cluster`,
				fix:
					pinned && conflicts.length > 0
						? "Choose another provider, or a version of it that suits the cluster."
						: "Install it, or choose another provider.",
			}),
			...(pinned ? conflicts : []),
		],
	}
}

/** The default revision; without one the namespace's own, then a healthy one, then the first by name. */
function preferred(all: readonly Installed[], from: From): Installed {
	const rank = ({installation, dataplane}: Installed): number => {
		const {revision, tags, healthy} = installation
		if (revision === "default" || tags.includes("default")) return 0
		if (dataplane.name === from.dataplane && revision === from.revision) return 1
		return healthy ? 2 : 3
	}
	const [first] = [...all].sort(
		(a, b) => rank(a) - rank(b) || (a.installation.revision < b.installation.revision ? -1 : 1),
	)
	if (first === undefined) throw new RangeError("no installation to prefer")
	return first
}
