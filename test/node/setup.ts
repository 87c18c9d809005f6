import type {TestProject} from "vitest/node"
import {down} from "../../installer/sandbox/index.ts"
import {orphans} from "../kit/runs.ts"
import "./provided.ts"

const names = /^test-(?:node|host)-(\d+)$/

/**
 * Names the one node of this run and takes it down at the end; the first test that can use it brings it up.
 * HEDDLE_TEST_NODE names one that is kept instead.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
	const kept = process.env.HEDDLE_TEST_NODE
	const name = kept || `test-node-${process.pid}`
	project.provide("node", name)
	for (const orphan of orphans(names)) await down(orphan)
	return async () => {
		if (!kept) await down(name)
	}
}
