import {quantity, type Requests, requestsOf} from "../../operator/plan/quantity.ts"
import {workloadsOf} from "../../operator/plan/workloads/collect.ts"
import {plural} from "../../profiles/names.ts"
import * as kinds from "../../profiles/snapshot/kinds.ts"
import type {StringMap} from "../../profiles/snapshot/object.ts"
import type {Node} from "../../profiles/snapshot/shapes.ts"
import type {Snapshot} from "../../profiles/snapshot/snapshot.ts"
import type {Finding, Outcome, Scene} from "./types.ts"

type Room = Requests & {readonly pods: number}

/** Whether some schedulable node has room for one more pod of each workload that may move. */
export function nodeCapacity({snapshot, facts, dataplanes}: Scene): Outcome {
	const rooms = roomsOf(snapshot)
	if (rooms.length === 0) return {notRun: "no schedulable Node tells what it can hold"}
	const findings: Finding[] = []
	let count = 0
	for (const {metadata} of snapshot.list(kinds.Namespace)) {
		if (facts.reserved.has(metadata.name)) continue
		for (const {ref, kind, template} of workloadsOf(snapshot, metadata.name, dataplanes)) {
			// A DaemonSet replaces its pods in place.
			if (kind === "DaemonSet" || kind === "Pod" || kind === "Other") continue
			count += 1
			const needs = requestsOf(template.spec)
			if (rooms.some((room) => fits(needs, room))) continue
			findings.push({
				object: ref,
				message: `${ref}: a pod requests ${needs.cpuMillis}m and ${Math.round(needs.memoryMiB)} MiB, and no node has that left`,
			})
		}
	}
	return {seen: `${plural(count, "workload")}, ${plural(rooms.length, "node")}`, findings}
}

const fits = (needs: Requests, room: Room): boolean =>
	room.pods >= 1 && needs.cpuMillis <= room.cpuMillis && needs.memoryMiB <= room.memoryMiB

function roomsOf(snapshot: Snapshot): readonly Room[] {
	const taken = new Map<string, {cpuMillis: number; memoryMiB: number; pods: number}>()
	for (const {spec, status} of snapshot.list(kinds.Pod)) {
		if (spec?.nodeName === undefined || status?.phase === "Succeeded" || status?.phase === "Failed") continue
		const sum = taken.get(spec.nodeName) ?? {cpuMillis: 0, memoryMiB: 0, pods: 0}
		const {cpuMillis, memoryMiB} = requestsOf(spec)
		taken.set(spec.nodeName, {
			cpuMillis: sum.cpuMillis + cpuMillis,
			memoryMiB: sum.memoryMiB + memoryMiB,
			pods: sum.pods + 1,
		})
	}
	return snapshot
		.list(kinds.Node)
		.filter(({spec}) => spec?.unschedulable !== true)
		.flatMap((node) => {
			const used = taken.get(node.metadata.name) ?? {cpuMillis: 0, memoryMiB: 0, pods: 0}
			const all = allocatable(node)
			if (all === undefined) return []
			return [
				{
					cpuMillis: all.cpuMillis - used.cpuMillis,
					memoryMiB: all.memoryMiB - used.memoryMiB,
					pods: all.pods - used.pods,
				},
			]
		})
}

function allocatable({status}: Node): Room | undefined {
	const told = (status as {allocatable?: StringMap} | undefined)?.allocatable ?? {}
	const [cpu, memory, pods] = [told.cpu, told.memory, told.pods].map(quantity)
	if (cpu === undefined || memory === undefined) return undefined
	return {cpuMillis: cpu * 1e3, memoryMiB: memory / 2 ** 20, pods: pods ?? Number.POSITIVE_INFINITY}
}
