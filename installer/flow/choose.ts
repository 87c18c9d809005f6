import type {MeshProfile} from "../../crds/generated.ts"
import type {Plan} from "../../operator/plan/types.ts"
import {AbortError, invalidInput} from "../abort.ts"
import {exit} from "../exit.ts"
import {decidedBy} from "./decided-by.ts"

type Choice = {
	readonly plan: Plan
	readonly given: readonly MeshProfile[]
	readonly namespaces: readonly string[]
}

/**
 * The namespaces to migrate: those named, else those that the given profiles decide for, else all that any decides.
 * @throws AbortError when a name is selected by no profile, or a given profile would move more than was named
 */
export function chosen({plan, given, namespaces}: Choice): Plan {
	const own = given.length === 0 ? plan : decidedBy(given, plan)
	if (namespaces.length === 0) return own
	const known = new Set(plan.namespaces.map(({namespace}) => namespace))
	const missing = namespaces.filter((name) => !known.has(name))
	if (missing.length > 0) {
		throw new AbortError("NotSelected", `no MeshProfile selects ${missing.join(", ")}`, {
			exit: exit.refused,
			tryMessage:
				"Give the namespace a label that a profile selects, or give a profile with --profile FILE. heddle plan --all-namespaces shows every namespace.",
		})
	}
	const more =
		given.length === 0
			? []
			: own.namespaces.filter(
					({namespace, verdict}) => verdict !== "UpToDate" && !namespaces.includes(namespace),
				)
	if (more.length > 0) {
		throw invalidInput(
			`the profile also decides for ${more.map(({namespace}) => namespace).join(", ")}, which you did not name`,
			{
				tryMessage: "Name them too, or narrow the profile's namespaceSelector.",
			},
		)
	}
	return {...plan, namespaces: plan.namespaces.filter(({namespace}) => namespaces.includes(namespace))}
}
