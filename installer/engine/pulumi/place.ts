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
import {ObjectApi} from "../manifests/api.ts"
import {runChild} from "../run-child.ts"
import {pulumiCli} from "./cli.ts"
import type {Job} from "./job.ts"
import {passphrase} from "./passphrase.ts"
import type {Ref, StackRecord} from "./record.ts"

/** A stack in a backend, for one cluster. */
export type Place = {
	readonly session: Session
	readonly flags: Flags
	readonly cluster: Connection
	readonly release: string
	readonly job: Omit<Job, "operation" | "installation" | "leaving">
	readonly env: Readonly<Record<string, string>>
}

/** A provider that is told to stop has a moment to end what it is writing. */
const graceMs = 60_000

export async function withPlace<T>(
	session: Session,
	flags: Flags,
	work: (place: Place) => Promise<T>,
): Promise<T> {
	const cliRoot = await pulumiCli(session, flags)
	return await withCluster(session, flags, async (cluster) => {
		const release = flags.release ?? "heddle"
		const own = join(dirname(sandboxRoot()), "pulumi")
		const backend = flags.backend ?? process.env.PULUMI_BACKEND_URL ?? pathToFileURL(own).href
		const isOwn = backend === pathToFileURL(own).href
		if (isOwn) await mkdir(own, {recursive: true, mode: 0o700})
		const clusterId = await identityOfCluster(cluster, session.signal)
		// One for each cluster: a state says nothing true about another one.
		const stack = `${release}-${clusterId.slice(0, 8)}`
		const job = {
			stack,
			clusterId,
			backend,
			folder: join(own, "projects", stack),
			cliRoot,
			...(flags.kubeconfig === undefined ? {} : {kubeconfig: flags.kubeconfig}),
			context: cluster.context,
			lockPatienceMs: flags.waitForLock ?? 30_000,
		}
		return await work({
			session,
			flags,
			cluster,
			release,
			job,
			env: isOwn ? await passphrase(process.env, own) : {},
		})
	})
}

/** Stays the same whatever a kubeconfig calls the cluster: the uid of a namespace that every cluster has from its start. */
async function identityOfCluster({http}: Connection, signal: AbortSignal): Promise<string> {
	const name = "kube-system"
	const system = await new ObjectApi(http, signal).get({
		apiVersion: "v1",
		kind: "Namespace",
		metadata: {name},
	})
	if (system?.metadata.uid === undefined) throw new Error(`the cluster has no namespace ${name}`)
	return system.metadata.uid
}

type Run = {
	readonly operation: Job["operation"]
	readonly installation?: Installation
	readonly leaving?: readonly Ref[]
	readonly onEvent?: OnInstallEvent
	readonly onAnswer?: (answer: Answer) => void
}

/** One operation of Pulumi's engine, in a process of its own. @throws AbortError */
export async function runJob(place: Place, run: Run): Promise<void> {
	const {operation, installation = emptyInstallation(place.release), leaving = [], onEvent, onAnswer} = run
	const {chartDir} = place.flags
	const input: Job = {...place.job, operation, installation, leaving}
	await runChild({
		file: new URL("./child.ts", import.meta.url),
		input,
		env: {...place.env, ...(chartDir === undefined ? {} : {HEDDLE_CHART_DIR: chartDir})},
		signal: place.session.signal,
		graceMs,
		onAnswer: (answer) => {
			if (answer.type === "event") onEvent?.(answer.event)
			else onAnswer?.(answer)
		},
	})
}

/** What a stack keeps of an installation. */
export type Recorded = Pick<StackRecord, "held" | "leaving"> & {readonly installation: Installation}

/** What the stack says was installed; undefined when nothing was. @throws AbortError */
export async function recordedBy(place: Place): Promise<Recorded | undefined> {
	let found: StackRecord | undefined
	await runJob(place, {
		operation: "read",
		onAnswer: (answer) => {
			if (answer.type === "recorded") found = answer.record
		},
	})
	if (found === undefined) return undefined
	const {text, held, leaving} = found
	return {installation: installationOf(parse(text), `the stack ${place.job.stack}`), held, leaving}
}
