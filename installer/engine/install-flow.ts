import type {Flags} from "../flags.ts"
import type {Connection} from "../flow/cluster.ts"
import type {Session} from "../session.ts"
import {checkedInstallation} from "./checked.ts"
import {evaluated} from "./evaluated.ts"
import type {Flow, FlowResult, FlowStart, OnInstallEvent} from "./events.ts"
import type {Installation} from "./installation.ts"
import {installManifests} from "./manifests/install.ts"
import {uninstallManifests} from "./manifests/uninstall.ts"
import {resumable} from "./outcome.ts"
import {type Agree, sessionContext} from "./session-context.ts"

export type FlowRequest = {
	readonly session: Session
	readonly flags: Flags
	readonly cluster: Connection
	readonly flow: Exclude<Flow, "render">
	/** All that is to be there afterwards; undefined removes the release. */
	readonly wanted: Installation | undefined
	readonly onEvent: OnInstallEvent
	/** How a person is asked; a question on the terminal when left out. */
	readonly agree?: Agree
}

/** What the first event of such a flow says. */
export function headOf({flags, cluster, flow}: FlowRequest): Omit<FlowStart, "type"> {
	return {
		flow,
		engine: "manifests",
		release: flags.release ?? "heddle",
		target: cluster.context,
		dryRun: flags.dryRun === true,
	}
}

/**
 * Brings a cluster to an installation by the engine `manifests`, whichever face asks for it.
 * @throws AbortError; after the first write its exit code is 4, and the same request resumes
 */
export async function runFlow(request: FlowRequest): Promise<FlowResult> {
	const {session, flags, cluster, wanted} = request
	const version = wanted === undefined ? undefined : await cluster.client.serverVersion()
	const installation = wanted === undefined ? undefined : checkedInstallation(wanted, version)
	return await resumable(headOf(request), request.onEvent, async (onEvent) => {
		const context = sessionContext(request, onEvent)
		if (installation === undefined) return await uninstallManifests(context)
		const {chartDir} = flags
		const placed = await evaluated(installation, {signal: session.signal, chartDir, onEvent})
		return await installManifests(context, {installation, placed, adopt: flags.adopt === true})
	})
}
