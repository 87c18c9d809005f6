import {MeshProfile} from "../../operator/api/kinds.ts"
import type {NamespacePlan} from "../../operator/plan/types.ts"
import {isOpen} from "../../operator/plan/verdict.ts"
import {plural} from "../../profiles/names.ts"
import {refOf} from "../../profiles/snapshot/object.ts"
import type {Finding, Outcome, PureCheck, Scene} from "./types.ts"

export const profileChecks: readonly PureCheck[] = [
	{
		id: "profile-tie",
		group: "Profiles",
		title: "no namespace is claimed by two profiles of the same priority",
		severity: "error",
		doc: "Two profiles of the same priority select a namespace. Nothing of it moves until a person decides.",
		fix: "Give one of them a higher spec.priority, or narrow a selector.",
		reads: [MeshProfile],
		look: (scene) => ofPlans(scene, (plan) => withCode(plan, (code) => code === "ProfileTie")),
	},
	{
		id: "profile-honoured",
		group: "Profiles",
		title: "every profile can be honoured",
		severity: "error",
		doc: "Each namespace that a profile selects is planned as heddle plan would. One that is blocked is not going where its profile wants it: this is the check that fails a pull request.",
		fix: "heddle explain NAMESPACE says all about it.",
		reads: [MeshProfile],
		look: (scene) =>
			ofPlans(scene, (plan) =>
				plan.verdict === "Blocked"
					? withCode(plan, (code, severity) => severity === "block" && code !== "ProfileTie")
					: [],
			),
	},
	{
		id: "profile-accepted",
		group: "Profiles",
		title: "no namespace waits for an acceptance",
		severity: "warning",
		doc: "What cannot be promised waits until a person accepts it by its code. The namespace does not move before.",
		fix: "Put right what is named, or accept the code in spec.migration.accept of the profile.",
		reads: [MeshProfile],
		look: (scene) =>
			ofPlans(scene, (plan) => (plan.verdict === "NeedsAcceptance" ? withCode(plan, () => true) : [])),
	},
	{
		id: "profile-selects",
		group: "Profiles",
		title: "every profile decides for a namespace",
		severity: "info",
		doc: "A profile that selects no namespace, or only such that a higher priority decides, does nothing: its selector may have a typing error.",
		fix: "Compare spec.namespaceSelector with the labels of the namespaces.",
		reads: [MeshProfile],
		look: ({profiles, plans}) => {
			if (profiles.length === 0) return {notRun: "there is no MeshProfile"}
			const deciding = new Set(plans.map(({profile}) => profile))
			return {
				seen: plural(profiles.length, "profile"),
				findings: profiles
					.filter(({metadata}) => !deciding.has(metadata.name))
					.map((profile) => ({
						object: refOf(profile),
						message: `${profile.metadata.name} decides for no namespace`,
					})),
			}
		},
	},
]

function ofPlans({profiles, plans}: Scene, look: (plan: NamespacePlan) => readonly Finding[]): Outcome {
	if (profiles.length === 0) return {notRun: "there is no MeshProfile"}
	return {
		seen: `${plural(plans.length, "namespace")} of ${plural(profiles.length, "profile")}`,
		findings: plans.flatMap(look),
	}
}

function withCode(plan: NamespacePlan, is: (code: string, severity: string) => boolean): readonly Finding[] {
	const open = plan.reasons.filter(
		(one) => isOpen(one, new Set(plan.accepted ?? [])) && is(one.code, one.severity),
	)
	return open.map(({code, message, object, fix}) => ({
		object: object ?? `Namespace/${plan.namespace}`,
		message: `${plan.namespace}: ${code}: ${message}`,
		...(fix === undefined ? {} : {fix}),
	}))
}
