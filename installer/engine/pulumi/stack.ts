import {mkdir} from "node:fs/promises"
import {hostname} from "node:os"
import provider from "@pulumi/kubernetes/package.json" with {type: "json"}
import {
	ConcurrentUpdateError,
	LocalWorkspace,
	PulumiCommand,
	type PulumiFn,
	type Stack,
} from "@pulumi/pulumi/automation/index.js"
import type {OnInstallEvent} from "../events.ts"
import type {Job} from "./job.ts"

/** The stack of a job, made where it is not there yet, set to the job's cluster. */
export async function openStack(job: Job, program: PulumiFn): Promise<Stack> {
	const {stack: stackName, backend, folder, cliRoot, kubeconfig, context} = job
	await mkdir(folder, {recursive: true, mode: 0o700})
	const command = cliRoot === undefined ? {} : {pulumiCommand: await PulumiCommand.get({root: cliRoot})}
	const stack = await LocalWorkspace.createOrSelectStack(
		{stackName, projectName: "heddle", program},
		{
			...command,
			workDir: folder,
			projectSettings: {name: "heddle", runtime: "nodejs", backend: {url: backend}},
			envVars: {PULUMI_BACKEND_URL: backend, PULUMI_SKIP_UPDATE_CHECK: "true"},
		},
	)
	await stack.setAllConfig({
		"kubernetes:enableServerSideApply": {value: "true"},
		"kubernetes:enablePatchForce": {value: "true"},
		...(kubeconfig === undefined ? {} : {"kubernetes:kubeconfig": {value: kubeconfig}}),
		...(context === undefined ? {} : {"kubernetes:context": {value: context}}),
	})
	return stack
}

/** The provider's plugin is a download of its own, of which Pulumi says nothing while it lasts. */
export async function withPlugin({workspace}: Stack, tell: OnInstallEvent): Promise<void> {
	const {version} = provider
	const installed = await workspace.listPlugins()
	if (installed.some((plugin) => plugin.name === "kubernetes" && plugin.version === version)) return
	const step = {type: "step", id: "plugin", title: `Get Pulumi's plugin kubernetes ${version}`} as const
	const began = performance.now()
	const elapsedMs = () => Math.round(performance.now() - began)
	tell({...step, state: "started"})
	const ticker = setInterval(() => tell({...step, state: "progress", elapsedMs: elapsedMs()}), 2_000)
	try {
		await workspace.installPlugin("kubernetes", version)
		tell({...step, state: "done", elapsedMs: elapsedMs()})
	} catch (error) {
		tell({...step, state: "failed", elapsedMs: elapsedMs()})
		throw error
	} finally {
		clearInterval(ticker)
	}
}

/**
 * Runs an operation; where the stack is locked by a process of this machine that is no more, as after a kill -9, the
 * lock is taken off first. One that somebody holds is respected.
 */
export async function freed(
	stack: Stack,
	tell: OnInstallEvent,
	operation: () => Promise<void>,
): Promise<void> {
	try {
		return await operation()
	} catch (error) {
		if (!(error instanceof ConcurrentUpdateError) || !isOrphaned(error.message)) throw error
		tell({
			type: "log",
			level: "warning",
			text: "the stack was locked by a process that is gone: unlocked",
			source: "pulumi",
		})
		await stack.cancel()
		await stack.refresh({onOutput: () => {}})
	}
	return await operation()
}

/** A local backend says who holds its lock: `created by user@host (pid 123) at …`. */
export function isOrphaned(message: string, here = hostname(), runs = isRunning): boolean {
	const holders = [...message.matchAll(/created by \S+@(\S+) \(pid (\d+)\)/g)]
	return holders.length > 0 && holders.every(([, host, pid]) => host === here && !runs(Number(pid)))
}

function isRunning(pid: number): boolean {
	try {
		process.kill(pid, 0)
		return true
	} catch (error) {
		return error instanceof Error && "code" in error && error.code === "EPERM"
	}
}
