import {isReady} from "../../../../profiles/pods.ts"
import type {KubeObject} from "../../../../profiles/snapshot/object.ts"
import type {DaemonSet, Deployment, Pod, StatefulSet} from "../../../../profiles/snapshot/shapes.ts"
import {labels as names} from "../../../api/names.ts"
import {revisionOf, type SimCluster, templateHash, withStatus} from "./cluster.ts"

/** Lets every controller of the cluster do its next small thing. False when none had anything to do. */
export function tick(cluster: SimCluster, namespace: string): boolean {
	const own = cluster.objects.filter(({metadata}) => metadata.namespace === namespace)
	const moved = own.map((one) => {
		switch (one.kind) {
			case "Deployment":
			case "StatefulSet":
			case "DaemonSet":
				return roll(cluster, one as Rolling)
			case "Gateway":
				return program(cluster, one)
			default:
				return false
		}
	})
	return [...moved, collect(cluster)].some(Boolean)
}

type Rolling = Deployment | StatefulSet | DaemonSet

/** One thing at a time: notice the change, then give up what is too much, then replace or make one pod. */
function roll(cluster: SimCluster, owner: Rolling): boolean {
	const before = JSON.stringify(owner.status)
	const noticed = (owner.status?.observedGeneration ?? 0) >= (owner.metadata.generation ?? 0)
	const moved = noticed && movePod(cluster, owner)
	const current = (cluster.find(refOf(owner)) ?? owner) as Rolling
	const status = statusOf(cluster, current)
	cluster.put(withStatus(current, status))
	return moved || JSON.stringify(status) !== before
}

const refOf = ({kind, metadata: {namespace, name}}: KubeObject) => `${kind}/${namespace}/${name}`

function wanted(owner: Rolling): number {
	if (owner.kind === "DaemonSet") return (owner as DaemonSet).status?.desiredNumberScheduled ?? 0
	return (owner as Deployment).spec?.replicas ?? 1
}

const podName = ({kind, metadata: {name}}: KubeObject, index: number): string =>
	kind === "Deployment" ? `${name}-5d-${index}` : `${name}-${index}`

function movePod(cluster: SimCluster, owner: Rolling): boolean {
	const pods = cluster.podsOf(owner)
	const all = Array.from({length: wanted(owner)}, (_, index) => podName(owner, index))
	const extra = pods.find(({metadata}) => !all.includes(metadata.name))
	if (extra !== undefined) {
		cluster.remove(extra)
		return true
	}
	const missing = all.find((name) => !pods.some(({metadata}) => metadata.name === name))
	const next = missing ?? replaceable(owner, pods)
	const pod = next === undefined ? undefined : cluster.born(owner, next)
	if (pod === undefined) return false
	cluster.put(pod)
	return true
}

/** The pod that goes next: none while a new one is not ready, none below a partition, none of a paused Deployment. */
function replaceable(owner: Rolling, pods: readonly Pod[]): string | undefined {
	const {spec} = owner as Deployment & StatefulSet
	const hash = templateHash(owner)
	const held = spec?.paused === true || spec?.updateStrategy?.type === "OnDelete"
	if (held || pods.some((pod) => revisionOf(pod) === hash && !isReady(pod))) return undefined
	const partition = owner.kind === "StatefulSet" ? (spec?.updateStrategy?.rollingUpdate?.partition ?? 0) : 0
	const old = pods.filter((pod) => revisionOf(pod) !== hash && ordinal(pod) >= partition)
	return old.map(({metadata}) => metadata.name).sort(owner.kind === "StatefulSet" ? lastFirst : undefined)[0]
}

const ordinal = ({metadata: {name}}: Pod): number => Number(name.slice(name.lastIndexOf("-") + 1))
const lastFirst = (a: string, b: string): number => (a < b ? 1 : -1)

function statusOf(cluster: SimCluster, owner: Rolling): object {
	const pods = cluster.podsOf(owner)
	const hash = templateHash(owner)
	const updated = pods.filter((pod) => revisionOf(pod) === hash).length
	const ready = pods.filter(isReady).length
	const seen = {...owner.status, observedGeneration: owner.metadata.generation ?? 0}
	if (owner.kind === "DaemonSet")
		return {
			...seen,
			updatedNumberScheduled: updated,
			numberReady: ready,
			numberUnavailable: wanted(owner) - ready,
		}
	const counted = {...seen, replicas: pods.length, updatedReplicas: updated, readyReplicas: ready}
	if (owner.kind === "Deployment")
		return {...counted, availableReplicas: ready, unavailableReplicas: wanted(owner) - ready}
	const whole = updated === wanted(owner) && ready === wanted(owner)
	const {currentRevision} = (owner as StatefulSet).status ?? {}
	return {...counted, updateRevision: hash, currentRevision: whole ? hash : currentRevision}
}

type Conditioned = KubeObject & {readonly status?: {readonly conditions?: readonly unknown[]}}

function program(cluster: SimCluster, gateway: Conditioned): boolean {
	if (gateway.status?.conditions !== undefined) return false
	cluster.put(withStatus(gateway, {conditions: [{type: "Programmed", status: "True"}]}))
	return true
}

/** The profile's controller: a deleted profile goes when its last binding is gone. */
function collect(cluster: SimCluster): boolean {
	const going = cluster.objects.filter(
		({kind, metadata}) => kind === "MeshProfile" && metadata.deletionTimestamp !== undefined,
	)
	const free = going.filter(
		({metadata}) =>
			!cluster.objects.some(
				(one) => one.kind === "MeshBinding" && one.metadata.labels?.[names.profile] === metadata.name,
			),
	)
	for (const profile of free) cluster.remove(profile)
	return free.length > 0
}
