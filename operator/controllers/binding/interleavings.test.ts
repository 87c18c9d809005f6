import fc from "fast-check"
import {describe, expect, it} from "vitest"
import {anyCluster, seeded} from "./testing/any-cluster.ts"
import {type Edit, edits} from "./testing/edits.ts"
import {conditionOf, guarded} from "./testing/invariants.ts"
import {live, turn} from "./testing/live.ts"
import {type Run, reconcile} from "./testing/reconcile.ts"
import {shop} from "./testing/scenes.ts"

function liveWith(run: Run, made: readonly Edit[]): void {
	for (const {apply, after} of made) {
		for (let turns = 0; turns < after; turns++) turn(run)
		apply(run.cluster)
	}
	live(run)
}

describe("a migration that people keep interfering with", () => {
	it("comes to rest, and says either that all is well or what it waits for", () => {
		fc.assert(
			fc.property(anyCluster, edits, ({start}, made) => {
				const run = guarded({cluster: start.clone(), namespace: shop})
				liveWith(run, made)
				const ready = conditionOf(run.cluster, shop, "Ready")
				const stalled = conditionOf(run.cluster, shop, "Stalled")
				expect(ready?.status === "True" || stalled?.status === "True").toBe(true)
				expect(ready?.message).toMatch(/\w/)
				expect(reconcile(run).writes).toBe(0)
			}),
			seeded(60),
		)
	}, 300_000)
})
