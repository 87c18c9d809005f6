import fc from "fast-check"
import {describe, expect, it} from "vitest"
import type {MeshBinding} from "../../../crds/generated.ts"
import {bindingRef} from "./testing/act.ts"
import {anyCluster, seeded} from "./testing/any-cluster.ts"
import type {SimCluster} from "./testing/cluster.ts"
import {everything, touchedIn} from "./testing/compare.ts"
import {liveThroughDeaths} from "./testing/die.ts"
import {guarded} from "./testing/invariants.ts"
import {live} from "./testing/live.ts"
import {type Run, reconcile, type Write} from "./testing/reconcile.ts"
import {shop} from "./testing/scenes.ts"

const bindingIn = (cluster: SimCluster) => cluster.find(bindingRef(shop)) as MeshBinding | undefined
const runOf = (cluster: SimCluster): Run => guarded({cluster, namespace: shop})
/** The migration that a write is the first of, if it is one. */
const migrationOf = (write: Write): string | undefined =>
	write.type === "action" && write.action.type === "ensureBinding"
		? write.action.images.previous?.migration
		: undefined

describe("a migration, for any namespace", () => {
	it("comes to rest, every write with its pre-image, inside its namespace, on one dataplane at a time", () => {
		fc.assert(
			fc.property(anyCluster, ({start}) => {
				expect(() => live(runOf(start.clone()))).not.toThrow()
			}),
			seeded(60),
		)
	}, 300_000)

	it("does nothing more once it has come to rest", () => {
		fc.assert(
			fc.property(anyCluster, ({start}) => {
				const cluster = start.clone()
				live(runOf(cluster))
				expect(reconcile(runOf(cluster)).writes).toBe(0)
			}),
			seeded(60),
		)
	}, 300_000)

	it("ends on the same objects wherever the operator dies, before or between its writes", () => {
		fc.assert(
			fc.property(anyCluster, fc.array(fc.nat(40), {minLength: 1, maxLength: 3}), ({start}, crashes) => {
				const calm = start.clone()
				live(runOf(calm))
				const shaken = start.clone()
				liveThroughDeaths(runOf(shaken), crashes)
				expect(everything(shaken)).toEqual(everything(calm))
			}),
			seeded(60),
		)
	}, 300_000)

	it("goes back from any point to every key exactly as it was", () => {
		fc.assert(
			fc.property(anyCluster, fc.nat(40), ({start}, point) => {
				const cluster = start.clone()
				// Trying modules is a migration of its own, and going back undoes the last one.
				const starts = new Map<string, object>()
				let writes = 0
				const counting = guarded({
					cluster,
					namespace: shop,
					before: (write) => {
						const id = migrationOf(write)
						if (id !== undefined && !starts.has(id)) starts.set(id, touchedIn(cluster, shop))
					},
					after: () => void writes++,
				})
				live(counting, () => writes > point)
				const binding = bindingIn(cluster)
				if (binding === undefined) return
				cluster.put({
					...binding,
					metadata: {...binding.metadata, generation: 2},
					spec: {...binding.spec, target: "Previous"},
				} as MeshBinding)
				live(runOf(cluster))
				expect(touchedIn(cluster, shop)).toEqual([...starts.values()].at(-1))
			}),
			seeded(60),
		)
	}, 300_000)
})
