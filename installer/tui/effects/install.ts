import {checkedInstallation} from "../../engine/checked.ts"
import {evaluated} from "../../engine/evaluated.ts"
import type {FlowResult, OnInstallEvent} from "../../engine/events.ts"
import {applySetOf} from "../../engine/manifests/apply-set.ts"
import {installManifests} from "../../engine/manifests/install.ts"
import {resumable} from "../../engine/outcome.ts"
import {recordedInstallation} from "../../engine/recorded.ts"
import {sessionContext} from "../../engine/session-context.ts"
import {wantedInstallation} from "../../engine/wanted.ts"
import type {Flags} from "../../flags.ts"
import type {Session} from "../../session.ts"
import type {Connection} from "./connection.ts"

type Installing = {
	readonly session: Session
	readonly connection: Connection
	/** Components, as the command line calls them. */
	readonly names: readonly string[]
	/** Take over what somebody else installed. */
	readonly adopt: boolean
	readonly onEvent: OnInstallEvent
	/** Comes back when a person agreed to what was shown; throws otherwise. */
	readonly consent: () => Promise<void>
}

/** The words of the command line, without any: what a screen shows is decided on the screen. */
const flags: Flags = {output: "text", input: false, color: false}

/** The same as `heddle install NAME…`, with consent asked on the screen. @throws AbortError, KubeError */
export async function installComponents(options: Installing): Promise<FlowResult> {
	const {session, connection, names, adopt, onEvent, consent} = options
	const {client, http, cluster} = connection
	const {signal} = session
	const before = await recordedInstallation(http, applySetOf("heddle"), signal)
	const wanted = await wantedInstallation(session, flags, {names, before})
	const installation = checkedInstallation(wanted, await client.serverVersion())
	return await resumable("install", onEvent, async (hear) => {
		const placed = await evaluated(installation, {signal, onEvent: hear})
		const place = {cluster: {client, http, context: cluster.context}, flow: "install", onEvent: hear} as const
		const context = {...sessionContext(session, flags, place), consent}
		return await installManifests(context, {installation, placed, adopt})
	})
}
