import type {TestProject} from "vitest/node"
import {down, list} from "../../installer/sandbox/index.ts"

declare module "vitest" {
	interface ProvidedContext {
		/** The name of the sandbox that the tests of this run share. */
		sandbox: string
	}
}

const prefix = "test-"

/**
 * Names the one sandbox of this run and takes it down at the end; the first test that needs it brings it up.
 * HEDDLE_TEST_SANDBOX names one that is kept instead, which makes the second run of a single test start at once.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
	const kept = process.env.HEDDLE_TEST_SANDBOX
	project.provide("sandbox", kept || `${prefix}${process.pid}`)
	await Promise.all(orphans().map((name) => down(name)))
	return async () => {
		if (!kept) await down(`${prefix}${process.pid}`)
	}
}

/** Sandboxes of test runs that were killed. */
function orphans(): string[] {
	return list()
		.map(({name}) => name)
		.filter((name) => name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length)))
		.filter((name) => !isRunning(Number(name.slice(prefix.length))))
}

function isRunning(pid: number): boolean {
	try {
		process.kill(pid, 0)
		return true
	} catch {
		return false
	}
}
