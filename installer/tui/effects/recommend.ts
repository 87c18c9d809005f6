import type {MeshProfile} from "../../../crds/generated.ts"
import type {NamespaceInput} from "../../../operator/plan/plan.ts"
import {planNamespace} from "../../../operator/plan/plan.ts"
import type {NamespacePlan} from "../../../operator/plan/types.ts"

export type Recommended = {readonly plan: NamespacePlan; readonly decided: boolean}

/** A profile that leaves the choice to the planner. It is never written anywhere. */
const probe = (namespace: string): MeshProfile => ({
	apiVersion: "heddle.dev/v1alpha1",
	kind: "MeshProfile",
	metadata: {name: "recommendation"},
	spec: {
		namespaceSelector: {matchLabels: {"kubernetes.io/metadata.name": namespace}},
		dataplane: {mode: "Auto"},
	},
})

/**
 * The plan of a namespace: by the profile that decides for it, else the planner's own choice, which is what a profile
 * of mode Auto would get. Undefined when the namespace is gone.
 */
export function recommend(input: NamespaceInput): Recommended | undefined {
	const plan = planNamespace(input)
	if (plan === undefined) return undefined
	const undecided = plan.reasons.some(({code}) => code === "NotSelected")
	if (!undecided) return {plan, decided: true}
	const chosen = planNamespace({...input, profiles: [...input.profiles, probe(input.namespace)]}) ?? plan
	const {profile, ...rest} = chosen
	return {plan: rest, decided: false}
}
