import type {SimCluster} from "./cluster.ts"
import {Endless, type Run, reconcile} from "./reconcile.ts"
import {tick} from "./tick.ts"

const tickMs = 5_000

/** Far more than several steps that each wait until they give up. */
const maxTurns = 3_000

/** The operator looks, the cluster moves on, time passes: one turn. False when nothing will happen any more. */
export function turn(run: Run): boolean {
	const {cluster, namespace} = run
	const {wakeAtMs, writes} = reconcile(run)
	const moved = tick(cluster, namespace)
	if (moved || writes > 0) {
		cluster.now += tickMs
		return true
	}
	if (wakeAtMs === undefined) return false
	cluster.now = Math.max(wakeAtMs, cluster.now + 1_000)
	return true
}

/** Lets operator and cluster work until nothing happens any more, or until `until` says that it is time. */
export function live(run: Run, until: (cluster: SimCluster) => boolean = () => false): void {
	for (let turns = 0; turns < maxTurns; turns++) {
		if (until(run.cluster)) return
		if (!turn(run)) return
	}
	throw new Endless("operator and cluster never come to rest")
}
