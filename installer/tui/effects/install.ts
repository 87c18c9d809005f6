import {withoutComponents} from "../../engine/answers.ts"
import type {FlowResult, OnInstallEvent} from "../../engine/events.ts"
import {runFlow} from "../../engine/install-flow.ts"
import type {Installation} from "../../engine/installation.ts"
import {applySetOf} from "../../engine/manifests/apply-set.ts"
import {nothingInstalled} from "../../engine/nothing-installed.ts"
import {recordedInstallation} from "../../engine/recorded.ts"
import {revisionsInUse} from "../../engine/revisions-in-use.ts"
import {upgraded} from "../../engine/upgraded.ts"
import {wantedInstallation} from "../../engine/wanted.ts"
import type {Flags} from "../../flags.ts"
import {readCluster} from "../../input/cluster.ts"
import type {Session} from "../../session.ts"
import type {InstallFlow} from "../model/state.ts"
import type {Connection} from "./connection.ts"

type Installing = {
	readonly session: Session
	readonly connection: Connection
	readonly flow: InstallFlow
	/** Components, as the command line calls them. */
	readonly names: readonly string[]
	/** Take over what somebody else installed. */
	readonly adopt: boolean
	readonly onEvent: OnInstallEvent
	/** Comes back when a person agreed to the question; throws otherwise. */
	readonly agree: (question: string) => Promise<void>
}

const set = applySetOf("heddle")

/** The same as `heddle install NAME…` and its siblings, with consent asked on the screen. @throws AbortError, KubeError */
export async function changeComponents(options: Installing): Promise<FlowResult> {
	const {session, connection, flow, adopt, onEvent, agree} = options
	const {client, http, cluster} = connection
	const chartDir = process.env.HEDDLE_CHART_DIR
	const flags: Flags = {
		output: "text",
		input: false,
		color: false,
		adopt,
		...(chartDir === undefined ? {} : {chartDir}),
	}
	const before = await recordedInstallation(http, set, session.signal)
	const wanted = await wishes[flow](options, flags, before)
	const place = {client, http, context: cluster.context}
	return await runFlow({session, flags, cluster: place, flow, wanted, onEvent, agree})
}

/** Undefined removes the release. */
type Wish = (
	options: Installing,
	flags: Flags,
	before: Installation | undefined,
) => Promise<Installation | undefined>

const wishes: Readonly<Record<InstallFlow, Wish>> = {
	install: ({session, names}, flags, before) => wantedInstallation(session, flags, {names, before}),
	async upgrade({session, names, connection}, _flags, before = nothingInstalled(set)) {
		const {snapshot} = await readCluster(session, connection.client, [])
		return upgraded(before, {names, inUse: revisionsInUse(snapshot, before)})
	},
	uninstall: async ({names}, _flags, before = nothingInstalled(set)) => withoutComponents(before, names),
}
