import {anetd} from "../apis/cilium/agent.ts"
import {gkeVersion} from "../apis/gke/version.ts"
import {agentReasons} from "../cilium/detect.ts"
import type {Installation} from "../dataplane.ts"
import {reason} from "../reasons.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"

/** GKE's own build of Cilium, whose DaemonSet is anetd. Its version is that of GKE. */
export function detect(snapshot: Snapshot): readonly Installation[] {
	const agent = anetd(snapshot)
	if (agent === undefined) return []
	const version = gkeVersion(snapshot)
	const unready = agentReasons(snapshot, agent)
	const message = "GKE runs this network: its flags cannot be changed, and it has no L7 rules."
	return [
		{
			dataplane: "gke-dataplane-v2",
			revision: "default",
			tags: [],
			...(version === undefined ? {} : {version}),
			namespaces: ["kube-system"],
			healthy: unready.length === 0,
			reasons: [...unready, reason("DataplaneManagedByGKE", {message})],
		},
	]
}
