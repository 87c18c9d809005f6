import type {FlowResult, OnInstallEvent} from "../../engine/events.ts"
import {runFlow} from "../../engine/install-flow.ts"
import {applySetOf} from "../../engine/manifests/apply-set.ts"
import {recordedInstallation} from "../../engine/recorded.ts"
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
	/** Comes back when a person agreed to the question; throws otherwise. */
	readonly agree: (question: string) => Promise<void>
}

/** The same as `heddle install NAME…`, with consent asked on the screen. @throws AbortError, KubeError */
export async function installComponents(options: Installing): Promise<FlowResult> {
	const {session, connection, names, adopt, onEvent, agree} = options
	const {client, http, cluster} = connection
	const flags: Flags = {output: "text", input: false, color: false, adopt}
	const before = await recordedInstallation(http, applySetOf("heddle"), session.signal)
	const wanted = await wantedInstallation(session, flags, {names, before})
	const place = {client, http, context: cluster.context}
	return await runFlow({session, flags, cluster: place, flow: "install", wanted, onEvent, agree})
}
