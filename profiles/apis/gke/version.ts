import {coerce, rsort} from "semver"
import {perSnapshot} from "../../memo.ts"
import * as kinds from "../../snapshot/kinds.ts"

/** The oldest GKE version among the nodes, such as 1.36.4: GKE's own features come by it. */
export const gkeVersion = perSnapshot((snapshot): string | undefined => {
	const versions = snapshot
		.list(kinds.Node)
		.map(({status}) => status?.nodeInfo?.kubeletVersion ?? "")
		.filter((version) => version.includes("-gke."))
		.flatMap((version) => coerce(version)?.version ?? [])
	return rsort([...versions]).at(-1)
})
