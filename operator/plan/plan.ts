import type {MeshProfile} from "../../crds/generated.ts"
import type {Dataplane} from "../../profiles/dataplane.ts"
import * as kinds from "../../profiles/snapshot/kinds.ts"
import {refOf} from "../../profiles/snapshot/object.ts"
import type {Namespace} from "../../profiles/snapshot/shapes.ts"
import type {Snapshot} from "../../profiles/snapshot/snapshot.ts"
import type {ClusterFacts} from "./facts.ts"
import {clusterFacts} from "./facts.ts"
import {moveOf} from "./move.ts"
import {because} from "./reasons.ts"
import {restOf} from "./rest.ts"
import {type Selection, select} from "./select.ts"
import type {NamespacePlan, Plan} from "./types.ts"

export type PlanInput = {
	readonly snapshot: Snapshot
	readonly profiles: readonly MeshProfile[]
	readonly dataplanes: readonly Dataplane[]
	/** Codes that a person accepts for every namespace, beyond those of the profiles. */
	readonly accept?: readonly string[]
	/** Also those that no profile selects. */
	readonly allNamespaces?: boolean
}

export type NamespaceInput = Omit<PlanInput, "allNamespaces"> & {
	readonly namespace: string
	/** Of the same snapshot. */
	readonly facts: ClusterFacts
}

/** The plan of every namespace that a profile selects, in the order of their names. */
export function plan(input: PlanInput): Plan {
	const facts = clusterFacts(input.snapshot, input.dataplanes)
	const namespaces = input.snapshot.list(kinds.Namespace).flatMap((one) => {
		const selection = select(one.metadata.labels, input.profiles)
		const chosen = selection.winner !== undefined || selection.tied.length > 0
		return chosen || input.allNamespaces === true
			? [planOf({...input, namespace: one.metadata.name, facts}, one, selection)]
			: []
	})
	return {apiVersion: "heddle.dev/v1alpha1", kind: "Plan", namespaces}
}

/**
 * The plan of one namespace; undefined when it does not exist. It looks at the objects of this namespace and at the
 * facts, so its cost does not grow with the cluster. A namespace that no profile selects has neither `profile` nor
 * `to`.
 */
export function planNamespace(input: NamespaceInput): NamespacePlan | undefined {
	const namespace = input.snapshot.get(kinds.Namespace, input.namespace)
	return namespace && planOf(input, namespace, select(namespace.metadata.labels, input.profiles))
}

function planOf(input: NamespaceInput, namespace: Namespace, selection: Selection): NamespacePlan {
	const {winner, tied, losers} = selection
	const reasons = guards(input, namespace, selection)
	const overruled = losers.map((one) => overruledBy(one, winner ?? tied[0]))
	if (reasons.length > 0)
		return restOf({...input, namespace, reasons: [...reasons, ...overruled], profile: winner})
	if (winner === undefined) {
		const said = because("NotSelected", {message: "No profile selects this namespace"})
		return restOf({...input, namespace, reasons: [said], profile: undefined})
	}
	return moveOf({...input, namespace, profile: winner, reasons: overruled})
}

const overruledBy = (loser: MeshProfile, winner: MeshProfile | undefined) =>
	because("ProfileOverruled", {
		object: refOf(loser),
		message: `It selects the namespace as well; ${winner?.metadata.name ?? "another"} has a higher priority`,
	})

/** Why a namespace is never touched, whatever its profile says. */
function guards({facts}: NamespaceInput, {metadata, status}: Namespace, {winner, tied}: Selection) {
	if (winner === undefined && tied.length === 0) return []
	const object = `Namespace/${metadata.name}`
	const owner = facts.reserved.get(metadata.name)
	const names = tied.map((one) => one.metadata.name).join(" and ")
	return [
		...(facts.unreadable.length === 0
			? []
			: [because("EvidenceUnreadable", {message: `Not readable here: ${facts.unreadable.join(", ")}`})]),
		...(owner === undefined
			? []
			: [because("ControlPlaneNamespace", {object, message: `It belongs to ${owner}`})]),
		...(metadata.deletionTimestamp === undefined && status?.phase !== "Terminating"
			? []
			: [because("NamespaceTerminating", {object, message: "It is being deleted"})]),
		...(tied.length === 0
			? []
			: [
					because("ProfileTie", {
						object,
						message: `${names} select it with the same priority ${tied[0]?.spec.priority ?? 0}`,
					}),
				]),
	]
}
