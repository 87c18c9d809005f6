import type {Kube} from "../kube/client.ts"
import type {Session} from "../session.ts"
import {alive} from "../session.ts"
import {agentProcesses, settleNode, startAgents} from "./agents.ts"
import {monitoringProcesses, startMonitoring} from "./monitoring.ts"
import {namespaceProcesses, startNamespaces} from "./namespaces.ts"
import {obtainParts, writeNodeFiles} from "./prepare.ts"
import {nodeFiles} from "./settings.ts"

export {missingForNode, requireNode} from "./requirements.ts"

/** What runs in a node's namespaces, and the way to them: all of it, or the node is no longer whole. */
export const nodeProcesses = [...namespaceProcesses, ...agentProcesses, ...monitoringProcesses]

/**
 * Makes the namespaces in which the control plane and the node run. Returns how the node itself comes up, once there is
 * an API server to register with.
 */
export async function bringNodeUp(
	session: Session,
): Promise<(session: Session, kube: Kube) => Promise<void>> {
	const parts = await obtainParts(session)
	const files = alive(session, "node") ? nodeFiles(session.at.folder) : await writeNodeFiles(session, parts)
	await startNamespaces(session, files)
	return async (one, kube) => {
		await startAgents(one, parts)
		await Promise.all([settleNode(one, kube), startMonitoring(one)])
	}
}
