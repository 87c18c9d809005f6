import {mkdir} from "node:fs/promises"
import {
	LocalWorkspace,
	PulumiCommand,
	type PulumiFn,
	type Stack,
	StackNotFoundError,
} from "@pulumi/pulumi/automation/index.js"
import type {Job} from "./job.ts"

async function placeOf({stack: stackName, backend, folder, cliRoot}: Job, program: PulumiFn) {
	await mkdir(folder, {recursive: true, mode: 0o700})
	const args = {stackName, projectName: "heddle", program}
	const options = {
		pulumiCommand: await PulumiCommand.get({root: cliRoot}),
		workDir: folder,
		projectSettings: {name: "heddle", runtime: "nodejs", backend: {url: backend}} as const,
		envVars: {PULUMI_BACKEND_URL: backend, PULUMI_SKIP_UPDATE_CHECK: "true"},
	}
	return [args, options] as const
}

/** The stack of a job; undefined where there is none, and none is made. */
export async function foundStack(job: Job): Promise<Stack | undefined> {
	try {
		return await LocalWorkspace.selectStack(...(await placeOf(job, async () => {})))
	} catch (error) {
		if (error instanceof StackNotFoundError) return undefined
		throw error
	}
}

/** The stack of a job, made where it is not there yet, set to the job's cluster. */
export async function openStack(job: Job, program: PulumiFn): Promise<Stack> {
	const stack = await LocalWorkspace.createOrSelectStack(...(await placeOf(job, program)))
	const {kubeconfig, context, clusterId} = job
	await stack.setAllConfig({
		// Another name for the same cluster is no reason to make everything anew.
		"kubernetes:clusterIdentifier": {value: clusterId},
		"kubernetes:enableServerSideApply": {value: "true"},
		"kubernetes:enablePatchForce": {value: "true"},
		...(kubeconfig === undefined ? {} : {"kubernetes:kubeconfig": {value: kubeconfig}}),
		...(context === undefined ? {} : {"kubernetes:context": {value: context}}),
	})
	return stack
}
