import type {TestProject} from "vitest/node"
import {down, list} from "../../installer/sandbox/index.ts"
import {processId} from "../../installer/sandbox/proc/process-id.ts"
import "./provided.ts"

/**
 * Names the one node of this run and takes it down at the end; the first test that can use it brings it up.
 * HEDDLE_TEST_NODE names one that is kept instead.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
	const kept = process.env.HEDDLE_TEST_NODE
	const name = kept || `test-node-${process.pid}`
	project.provide("node", name)
	for (const orphan of orphans()) await down(orphan)
	return async () => {
		if (!kept) await down(name)
	}
}

/** Nodes of runs that were killed; the number in the name is the process whose they were. */
function orphans(): string[] {
	return list()
		.map(({name}) => name)
		.filter((name) => {
			const owner = /^test-(?:node|host)-(\d+)$/.exec(name)?.[1]
			return owner !== undefined && processId(Number(owner)) === undefined
		})
}
