import type {MeshBinding, MeshProfile} from "../../../crds/generated.ts"
import {plural} from "../../../profiles/names.ts"
import {Namespace} from "../../../profiles/snapshot/kinds.ts"
import type {Snapshot} from "../../../profiles/snapshot/snapshot.ts"
import {type Observation as Observed, reasons, say, setConditions} from "../../api/conditions.ts"
import {MeshBinding as MeshBindingKind, MeshProfile as MeshProfileKind} from "../../api/kinds.ts"
import {bindingName} from "../../api/names.ts"
import {select} from "../../plan/select.ts"
import {matches} from "../../plan/selector.ts"

export type ProfileStatus = NonNullable<MeshProfile["status"]>
type Counts = {
	selected: number
	upToDate: number
	migrating: number
	waiting: number
	blocked: number
	lost: number
}

/** What the bindings of a profile's namespaces add up to. Pure. */
export function nextStatus(profile: MeshProfile, snapshot: Snapshot, now: string): ProfileStatus {
	const {counts, tied} = countsOf(profile, snapshot)
	const generation = profile.metadata.generation ?? 1
	return {
		observedGeneration: generation,
		namespaces: counts,
		conditions: setConditions({
			previous: profile.status?.conditions as Parameters<typeof setConditions>[0]["previous"],
			observed: [accepted(profile, counts, tied), ...readiness(profile, counts)],
			generation,
			now,
		}),
	}
}

function countsOf(
	profile: MeshProfile,
	snapshot: Snapshot,
): {readonly counts: Counts; readonly tied: readonly string[]} {
	const counts: Counts = {selected: 0, upToDate: 0, migrating: 0, waiting: 0, blocked: 0, lost: 0}
	const tied = new Set<string>()
	const profiles = snapshot.list(MeshProfileKind)
	for (const {metadata} of snapshot.list(Namespace)) {
		if (!matches(profile.spec.namespaceSelector, metadata.labels)) continue
		const selection = select(metadata.labels, profiles)
		for (const other of selection.tied) tied.add(other.metadata.name)
		if (selection.winner?.metadata.name !== profile.metadata.name) {
			counts.lost++
			continue
		}
		counts.selected++
		const state = stateOf(snapshot.get(MeshBindingKind, bindingName, metadata.name), profile)
		if (state !== undefined) counts[state]++
	}
	tied.delete(profile.metadata.name)
	return {counts, tied: [...tied].sort()}
}

/** Undefined while the binding has yet to be made, or has yet to see this generation of the profile. */
function stateOf(
	binding: MeshBinding | undefined,
	profile: MeshProfile,
): Exclude<keyof Counts, "selected" | "lost"> | undefined {
	const status = binding?.status
	if (status === undefined || status.profileGeneration !== profile.metadata.generation) return undefined
	const ready = status.conditions?.find(({type}) => type === "Ready")
	if (ready?.status === "True") return "upToDate"
	if (status.fit?.verdict === "Blocked") return "blocked"
	const works = status.migration?.state === "Running" || status.migration?.state === "RollingBack"
	return works ? "migrating" : "waiting"
}

function accepted(profile: MeshProfile, {selected, lost}: Counts, tied: readonly string[]): Observed {
	if (tied.length > 0) {
		const message = `${tied.join(", ")} ${tied.length === 1 ? "selects" : "select"} the same namespaces with the same priority ${profile.spec.priority ?? 0}; nothing moves there until one of them gets another`
		return say("Accepted", "False", reasons.profileTie, message)
	}
	if (selected === 0 && lost > 0)
		return say(
			"Accepted",
			"False",
			reasons.outranked,
			`profiles of a higher priority decide for all ${lost} namespaces that this one selects`,
		)
	if (selected === 0)
		return say("Accepted", "True", reasons.noNamespaces, "the selector matches no namespace")
	return say(
		"Accepted",
		"True",
		reasons.accepted,
		lost === 0
			? `decides for ${plural(selected, "namespace")}`
			: `decides for ${plural(selected, "namespace")}; profiles of a higher priority decide for ${lost} more`,
	)
}

function readiness({spec}: MeshProfile, counts: Counts): readonly Observed[] {
	const {selected, upToDate, migrating, waiting, blocked} = counts
	const summary = `${upToDate} of ${selected} namespaces are where they are to be`
	const not = (
		reason: Observed["reason"],
		message: string,
		by: "Reconciling" | "Stalled",
	): readonly Observed[] => [say("Ready", "False", reason, message), say(by, "True", reason, message)]
	if (upToDate === selected)
		return [say("Ready", "True", selected === 0 ? reasons.noNamespaces : reasons.upToDate, summary)]
	if (spec.paused) return not(reasons.paused, `${summary}; spec.paused is true`, "Stalled")
	const underWay = migrating + (selected - upToDate - waiting - blocked - migrating)
	if (underWay > 0) return not(reasons.migrating, `${summary}; ${underWay} are under way`, "Reconciling")
	if (blocked > 0)
		return not(reasons.blocked, `${summary}; ${blocked} are refused: kubectl get meshbindings -A`, "Stalled")
	return not(
		reasons.needsAcceptance,
		`${summary}; ${waiting} wait for a person: kubectl get meshbindings -A`,
		"Stalled",
	)
}
