import {gkeVersion} from "../apis/gke/version.ts"
import type {Installation} from "../dataplane.ts"
import {isComplete, schedulableNodes} from "../istio-ambient/agents.ts"
import type {Reason} from "../reason.ts"
import {reason} from "../reasons.ts"
import * as kinds from "../snapshot/kinds.ts"
import {refOf} from "../snapshot/object.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"
import {type Agent, agents, type Component, components, managedNamespace} from "./agents.ts"

/** The preview is on when its namespace is there. */
export function detect(snapshot: Snapshot): readonly Installation[] {
	const found = agents(snapshot)
	if (snapshot.get(kinds.Namespace, managedNamespace) === undefined && found.size === 0) return []
	const version = gkeVersion(snapshot)
	const unready = components.flatMap((name) => unreadiness(snapshot, name, found.get(name)))
	const message = "GKE ambient networking is a preview."
	return [
		{
			dataplane: "gke-ambient",
			revision: "default",
			tags: [],
			...(version === undefined ? {} : {version}),
			namespaces: [managedNamespace],
			healthy: unready.length === 0,
			reasons: [...unready, reason("GKEAmbientPreview", {message})],
		},
	]
}

function unreadiness(snapshot: Snapshot, name: Component, agent: Agent | undefined): readonly Reason[] {
	const object = `DaemonSet/${managedNamespace}/${name}`
	const unready = (message: string) => [reason("GKEAmbientUnready", {object, message})]
	if (agent === undefined) return unready(`The DaemonSet ${name} is not to be seen.`)
	const {daemonSet, readyOn} = agent
	if (!isComplete(daemonSet)) {
		const {numberReady = 0, desiredNumberScheduled = 0} = daemonSet.status ?? {}
		return unready(`${refOf(daemonSet)} is ready on ${numberReady} of ${desiredNumberScheduled} nodes.`)
	}
	const bare = readyOn === undefined ? [] : schedulableNodes(snapshot).filter((node) => !readyOn.has(node))
	return bare.length === 0 ? [] : unready(`${refOf(daemonSet)} does not run on ${bare.join(", ")}.`)
}
