import type {TestProject} from "vitest/node"
import {down} from "../../installer/sandbox/index.ts"
import {orphans, sandboxesOf} from "./runs.ts"

declare module "vitest" {
	interface ProvidedContext {
		/** What the names of this run's sandboxes begin with. */
		sandbox: string
	}
}

const names = /^test-(\d+)-\d/

/**
 * Names the sandboxes of this run and takes them down at the end; the first test of a worker that needs one brings it
 * up. HEDDLE_TEST_SANDBOX names them instead and keeps them, which makes the second run of a single test start at once.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
	const kept = process.env.HEDDLE_TEST_SANDBOX
	project.provide("sandbox", kept || `test-${process.pid}`)
	await Promise.all(orphans(names).map((name) => down(name)))
	return async () => {
		if (kept) return
		await Promise.all(sandboxesOf(process.pid, names).map((name) => down(name)))
	}
}
