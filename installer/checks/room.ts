import {type Workload, workloadsOf} from "../../operator/plan/workloads/collect.ts"
import {surroundingsOf} from "../../operator/plan/workloads/surroundings.ts"
import {plural} from "../../profiles/names.ts"
import * as kinds from "../../profiles/snapshot/kinds.ts"
import {LimitRange, proxyLimits} from "./limit-ranges.ts"
import {nodeCapacity} from "./node-room.ts"
import type {Finding, Outcome, PureCheck, Scene} from "./types.ts"

const workloadKinds = [
	kinds.Namespace,
	kinds.Deployment,
	kinds.StatefulSet,
	kinds.DaemonSet,
	kinds.ReplicaSet,
	kinds.Pod,
]

export const roomChecks: readonly PureCheck[] = [
	{
		id: "disruption-budget",
		group: "Room to roll",
		title: "every PodDisruptionBudget allows a disruption",
		severity: "warning",
		doc: "A rollout makes new pods before old ones go and needs no budget, but a budget without room says that the workload cannot lose a pod right now, and it stops every drain of a node: a waiting upgrade of the nodes meets the migration.",
		fix: "Bring the workload to its full number of pods, or allow one disruption.",
		reads: [...workloadKinds, kinds.PodDisruptionBudget],
		look: (scene) => ofWorkloads(scene, (workload, around) => around.exhaustedBudget(workload)),
	},
	{
		id: "quota-room",
		group: "Room to roll",
		title: "every ResourceQuota has room for one more pod",
		severity: "warning",
		doc: "Moving a workload makes a new pod before an old one goes. Where the quota of the namespace has no room for it, the rollout stands still.",
		fix: "Raise the quota for the time of the move.",
		reads: [...workloadKinds, kinds.ResourceQuota],
		look: (scene) => ofWorkloads(scene, (workload, around) => around.quotaWithoutRoom(workload)),
	},
	{
		id: "autoscaler-room",
		group: "Room to roll",
		title: "no autoscaler is at its maximum",
		severity: "warning",
		doc: "A workload at the maximum of its autoscaler has no reserve for the time in which its pods are replaced.",
		fix: "Raise maxReplicas for the time of the move.",
		reads: [...workloadKinds, kinds.HorizontalPodAutoscaler],
		look: (scene) => ofWorkloads(scene, (workload, around) => around.autoscalerAtMaximum(workload)),
	},
	{
		id: "limit-range",
		group: "Room to roll",
		title: "every LimitRange admits the proxies",
		severity: "warning",
		doc: "A LimitRange may forbid a container as large as a proxy, or a pod as large as one with a proxy. Injection then succeeds, and the pod is refused.",
		fix: "Raise max in the LimitRange, or request less for the proxy.",
		reads: [kinds.Namespace, LimitRange],
		look: proxyLimits,
	},
	{
		id: "node-capacity",
		group: "Room to roll",
		title: "some node has room for one more pod of every workload",
		severity: "warning",
		doc: "Moving a workload makes a new pod before an old one goes. It is compared by its requests with what each schedulable node has left; taints, affinity and volumes are not looked at, so passing is no promise.",
		fix: "Add a node, or lower the requests.",
		reads: [...workloadKinds, kinds.Node],
		look: nodeCapacity,
	},
]

type Around = ReturnType<typeof surroundingsOf>

/** Of workloads that Heddle could move; control planes and what belongs to Kubernetes are left out. */
function ofWorkloads(
	{snapshot, dataplanes, facts}: Scene,
	look: (workload: Workload, around: Around) => string | undefined,
): Outcome {
	let count = 0
	const findings: Finding[] = []
	for (const {metadata} of snapshot.list(kinds.Namespace)) {
		if (facts.reserved.has(metadata.name)) continue
		const around = surroundingsOf(snapshot, metadata.name, {cpuMillis: 0, memoryMiB: 0})
		for (const workload of workloadsOf(snapshot, metadata.name, dataplanes)) {
			count += 1
			const message = look(workload, around)
			if (message !== undefined) findings.push({object: workload.ref, message: `${workload.ref}: ${message}`})
		}
	}
	return {seen: plural(count, "workload"), findings}
}
