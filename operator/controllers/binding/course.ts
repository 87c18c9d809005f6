import {profileDefaults} from "../../api/defaults.ts"
import type {NamespacePlan} from "../../plan/types.ts"
import type {Observation} from "./observation.ts"
import {isActive, type Migration} from "./record.ts"

/** What a person asks for, and what the planner makes of it now. */
export type Wish = Pick<Observation, "profile" | "binding" | "plan">

export const awaitsApproval = ({profile, binding}: Wish): boolean =>
	(profile?.spec.migration?.approval ?? profileDefaults.approval) === "Manual" &&
	binding?.spec?.approved !== profile?.metadata.generation

/** The plan leads elsewhere than the migration that is under way. */
export const leadsElsewhere = (plan: NamespacePlan | undefined, migration: Migration): boolean =>
	plan !== undefined &&
	plan.to !== null &&
	(plan.to.dataplane !== migration.to || plan.to.revision !== migration.revision)

/**
 * Why a migration under way may not take up the new goal yet; undefined when it may, or has no other. A goal that is
 * refused, or that nobody accepted or approved, is no reason to forget what is rolling towards the old one.
 */
export function detour(wish: Wish, migration: Migration | undefined): string | undefined {
	const {plan} = wish
	if (plan === undefined || !isActive(migration) || !leadsElsewhere(plan, migration)) return undefined
	const goal = `the MeshProfile now asks for ${plan.to?.dataplane}`
	if (awaitsApproval(wish))
		return `${goal}: set spec.approved to ${wish.profile?.metadata.generation} to go there`
	const [open] = openReasons(plan)
	if (plan.verdict === "Ready" || plan.verdict === "UpToDate") return undefined
	return open === undefined ? goal : `${goal}: ${open.code}: ${open.message}`
}

/** What stands in the way of a plan: refusals, and risks that nobody accepted. */
export const openReasons = ({reasons, accepted = []}: NamespacePlan) =>
	reasons.filter(
		({severity, code}) => severity === "block" || (severity === "accept" && !accepted.includes(code)),
	)
