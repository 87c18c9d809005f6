import type {MeshProfile} from "../../crds/generated.ts"
import type {NamespacePlan, Plan} from "../../operator/plan/types.ts"

/** The namespaces that these profiles decide for, and the ties that they are part of, which no profile decides. */
export function decidedBy(profiles: readonly MeshProfile[], plan: Plan): Plan {
	const names = profiles.map(({metadata}) => metadata.name)
	const tied = ({reasons}: NamespacePlan) =>
		reasons.some(
			({code, message}) =>
				code === "ProfileTie" && names.some((name) => message.split(/[^a-z0-9.-]+/).includes(name)),
		)
	return {
		...plan,
		namespaces: plan.namespaces.filter((one) =>
			one.profile === undefined ? tied(one) : names.includes(one.profile),
		),
	}
}
