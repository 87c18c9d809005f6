import {MeshBinding} from "../../../operator/api/kinds.ts"
import type {Change} from "../../../operator/kube/types.ts"
import * as kinds from "../../../profiles/snapshot/kinds.ts"
import type {Snapshot} from "../../../profiles/snapshot/snapshot.ts"
import {standingOf} from "../model/board.ts"
import type {Event} from "../model/event.ts"

/** A burst of changes is one look at the bindings. */
const gatherMs = 60
const sampleMs = 1_000

type Watching = {readonly snapshot: Snapshot; readonly tell: (event: Event) => void}

/** Tells of the bindings whenever one changed, and once a second how many pods of those that move are ready. */
export function watchBindings({snapshot, tell}: Watching) {
	let timer: NodeJS.Timeout | undefined
	const look = () => {
		timer = undefined
		tell({type: "bindings", bindings: snapshot.list(MeshBinding)})
	}
	const sampler = setInterval(() => {
		const moving = snapshot
			.list(MeshBinding)
			.map(standingOf)
			.filter(({running}) => running)
		if (moving.length === 0) return
		const shares = moving.map(({namespace}) => [namespace, readyShare(snapshot, namespace)] as const)
		tell({type: "samples", ready: Object.fromEntries(shares)})
	}, sampleMs)
	return {
		touch({kind}: Change) {
			if (kind.id === MeshBinding.id) timer ??= setTimeout(look, gatherMs)
		},
		stop() {
			clearTimeout(timer)
			clearInterval(sampler)
		},
	}
}

/** Ready pods of a namespace's Deployments and StatefulSets as a share of those wanted; at most 1. */
function readyShare(snapshot: Snapshot, namespace: string): number {
	const owners = [
		...snapshot.list(kinds.Deployment, namespace),
		...snapshot.list(kinds.StatefulSet, namespace),
	]
	const wanted = owners.reduce((sum, {spec}) => sum + (spec?.replicas ?? 1), 0)
	const ready = owners.reduce((sum, {status}) => sum + (status?.readyReplicas ?? 0), 0)
	return wanted === 0 ? 1 : Math.min(1, ready / wanted)
}
