import {mkdir} from "node:fs/promises"
import {dirname, join} from "node:path"
import {pathToFileURL} from "node:url"
import {parse} from "yaml"
import type {Flags} from "../../flags.ts"
import type {Connection} from "../../flow/cluster.ts"
import {withCluster} from "../../flow/cluster.ts"
import {sandboxRoot} from "../../sandbox/paths.ts"
import type {Session} from "../../session.ts"
import type {Answer} from "../child-protocol.ts"
import type {OnInstallEvent} from "../events.ts"
import type {Installation} from "../installation.ts"
import {emptyInstallation, installationOf} from "../installation.ts"
import {runChild} from "../run-child.ts"
import {pulumiCli} from "./cli.ts"
import type {Job} from "./job.ts"

/** A stack in a backend, for one cluster. */
export type Place = {
	readonly session: Session
	readonly flags: Flags
	readonly cluster: Connection
	readonly release: string
	readonly job: Omit<Job, "operation" | "installation">
	readonly env: Readonly<Record<string, string>>
}

/** A provider that is told to stop has a moment to end what it is writing. */
const graceMs = 60_000

export async function withPlace<T>(
	session: Session,
	flags: Flags,
	work: (place: Place) => Promise<T>,
): Promise<T> {
	const {root} = await pulumiCli(session, flags)
	return await withCluster(session, flags, async (cluster) => {
		const release = flags.release ?? "heddle"
		const own = join(dirname(sandboxRoot()), "pulumi")
		const backend = flags.backend ?? process.env.PULUMI_BACKEND_URL ?? pathToFileURL(own).href
		if (backend === pathToFileURL(own).href) await mkdir(own, {recursive: true, mode: 0o700})
		const job = {
			stack: release,
			backend,
			folder: join(own, "projects", release),
			...(root === undefined ? {} : {cliRoot: root}),
			...(flags.kubeconfig === undefined ? {} : {kubeconfig: flags.kubeconfig}),
			context: cluster.context,
		}
		return await work({session, flags, cluster, release, job, env: passphrase(process.env)})
	})
}

/**
 * Pulumi wants a passphrase for the secrets of a state that it keeps by itself. Heddle's program puts no secret there,
 * so an empty one will do where nobody has set another.
 */
export function passphrase(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
	const isSet = env.PULUMI_CONFIG_PASSPHRASE !== undefined || env.PULUMI_CONFIG_PASSPHRASE_FILE !== undefined
	return isSet ? {} : {PULUMI_CONFIG_PASSPHRASE: ""}
}

type Run = {
	readonly operation: Job["operation"]
	readonly installation: Installation
	readonly onEvent: OnInstallEvent
	readonly onAnswer?: (answer: Answer) => void
}

/** One operation of Pulumi's engine, in a process of its own. @throws AbortError */
export async function runJob(place: Place, {operation, installation, onEvent, onAnswer}: Run): Promise<void> {
	const {chartDir} = place.flags
	const input: Job = {...place.job, operation, installation}
	await runChild({
		file: new URL("./child.ts", import.meta.url),
		input,
		env: {...place.env, ...(chartDir === undefined ? {} : {HEDDLE_CHART_DIR: chartDir})},
		signal: place.session.signal,
		graceMs,
		onAnswer: (answer) => {
			if (answer.type === "event") onEvent(answer.event)
			else onAnswer?.(answer)
		},
	})
}

/** What the stack says was installed; undefined when nothing was. @throws AbortError */
export async function recordedBy(place: Place): Promise<Installation | undefined> {
	let text = ""
	await runJob(place, {
		operation: "read",
		installation: emptyInstallation(place.release),
		onEvent: () => {},
		onAnswer: (answer) => {
			if (answer.type === "recorded") text = answer.text
		},
	})
	return text === "" ? undefined : installationOf(parse(text), `the stack ${place.job.stack}`)
}
