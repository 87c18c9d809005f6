import type {Support} from "../../profiles/dataplane.ts"
import type {Feature} from "../../profiles/features.ts"
import type {Case} from "./page.ts"

/** Where a case shows how a dataplane carries a feature: what is in use or required, and the target's support. */
type Seen = {
	readonly feature: Feature
	readonly dataplane: string
	readonly support: Support
	readonly name: string
}

/** The rows of the capability matrix that the corpus shows. A refused plan counts by the target that it refuses. */
export function shown(cases: readonly Case[]): readonly Seen[] {
	return cases.flatMap(({name, profile, plan}) =>
		plan.namespaces.flatMap(({to, features}) => {
			const dataplane = to?.dataplane ?? pinned(profile.spec.dataplane)
			if (dataplane === undefined) return []
			return features.map((one) => ({feature: one.name, dataplane, support: one.support, name}))
		}),
	)
}

/** Where nothing fits, and the profile leaves the choice open, the plan's features are of whichever came first. */
const pinned = ({mode, provider}: Case["profile"]["spec"]["dataplane"]): string | undefined =>
	mode === "None" ? "none" : provider
