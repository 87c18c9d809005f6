import {isDeepStrictEqual} from "node:util"
import type {MeshBinding} from "../../../../crds/generated.ts"
import {dataplanes} from "../../../../profiles/registry.ts"
import type {KubeObject} from "../../../../profiles/snapshot/object.ts"
import type {CronJob, Deployment, Namespace} from "../../../../profiles/snapshot/shapes.ts"
import {declared} from "../../../plan/enrolment.ts"
import {clusterFacts} from "../../../plan/facts.ts"
import {workloadsOf} from "../../../plan/workloads/collect.ts"
import type {Action} from "../actions.ts"
import {imagesOf} from "../annotations.ts"
import type {BindingStatus} from "../record.ts"
import {bindingRef} from "./act.ts"
import {keyOf, type SimCluster} from "./cluster.ts"
import type {Run} from "./reconcile.ts"

/*
 * What must hold at every write of every run, whatever else happens. Each throws a sentence that says what did not.
 */

/** Hooks for a run that check each write before and after it is made. */
export function guarded(run: Run): Run {
	const {cluster} = run
	return {
		...run,
		before: (write) => {
			if (write.type === "action") {
				staysInside(write.action, run.namespace)
				comesAfterItsPreImage(write.action, run)
			}
			run.before?.(write)
		},
		after: (write) => {
			if (write.type === "status") {
				survivesStorage(write.status)
				readyIsProven(cluster, run.namespace)
			}
			if (write.type === "action") oneDataplaneOnly(write.action, run)
			run.after?.(write)
		},
	}
}

/** A status with a key that JSON leaves out never is what is stored, and would be written again and again. */
function survivesStorage(status: BindingStatus): void {
	if (!isDeepStrictEqual(JSON.parse(JSON.stringify(status)), status))
		throw new Error("the status is another one once it is stored")
}

const targetOf = (action: Action): KubeObject | undefined => {
	if (action.type === "apply") return action.manifest
	return "object" in action ? action.object : undefined
}

function staysInside(action: Action, namespace: string): void {
	const object = targetOf(action)
	const ref = action.type === "preImage" ? action.ref : object && keyOf(object)
	if (ref === undefined) return
	const [kind, home, name] = ref.split("/")
	if ((kind === "Namespace" ? name : home) !== namespace)
		throw new Error(`${action.type} touches ${ref}, outside of the namespace ${namespace}`)
}

const changing: ReadonlySet<Action["type"]> = new Set(["template", "partition", "apply", "delete"])

/** On the way forward; on the way back the pre-image is what the write comes from. */
function comesAfterItsPreImage(action: Action, {cluster, namespace}: Run): void {
	const binding = cluster.find(bindingRef(namespace)) as MeshBinding | undefined
	if (action.type === "namespaceKeys" && binding && imagesOf(binding).previous === undefined)
		throw new Error("the namespace is changed while no pre-image of it is kept")
	const object = targetOf(action)
	if (!changing.has(action.type) || object === undefined) return
	const kept = cluster.objects.some(
		({kind, metadata}) =>
			kind === "ControllerRevision" && metadata.annotations?.["heddle.dev/object"] === keyOf(object),
	)
	if (!kept) throw new Error(`${action.type} changes ${keyOf(object)} while no pre-image of it is kept`)
}

/** The dataplanes that new pods of a workload would be given to. */
function homesOf(cluster: SimCluster, owner: KubeObject | undefined, namespace: string): readonly string[] {
	const space = cluster.find(`Namespace/${namespace}`) as Namespace | undefined
	const {installed} = clusterFacts(cluster.snapshot, dataplanes)
	const {template, jobTemplate} = (owner as (Deployment & CronJob) | undefined)?.spec ?? {}
	const {metadata = {}} = template ?? jobTemplate?.spec?.template ?? {}
	const homes = declared(space?.metadata ?? {}, metadata, installed)
	return [...new Set(homes.map(({dataplane}) => dataplane.name).filter((one) => one !== "none"))]
}

const isGoingBack = (cluster: SimCluster, namespace: string): boolean => {
	const binding = cluster.find(bindingRef(namespace)) as MeshBinding | undefined
	const asked = binding?.spec?.target === "Previous" || binding?.status?.migration?.state === "RollingBack"
	return asked || binding?.metadata.deletionTimestamp !== undefined
}

/** Back is as it was, also where that was wrong. */
function oneDataplaneOnly(action: Action, {cluster, namespace}: Run): void {
	if (action.type !== "template" || isGoingBack(cluster, namespace)) return
	const homes = homesOf(cluster, cluster.find(keyOf(action.object)), namespace)
	if (homes.length > 1)
		throw new Error(`${keyOf(action.object)} is enrolled in ${homes.join(" and ")} at once`)
}

/** Pods that a controller makes and that are not on the dataplane that the binding names as its target. */
function unproven(cluster: SimCluster, namespace: string): readonly string[] {
	const binding = cluster.find(bindingRef(namespace)) as MeshBinding | undefined
	const to = binding?.status?.fit?.to
	return workloadsOf(cluster.snapshot, namespace, dataplanes)
		.flatMap(({pods}) => pods)
		.filter(({is}) => is.counted && is.dataplane !== to)
		.map(({pod, is}) => `${pod.metadata.name} on ${is.dataplane}`)
}

export const conditionOf = (cluster: SimCluster, namespace: string, type: string) =>
	(cluster.find(bindingRef(namespace)) as MeshBinding | undefined)?.status?.conditions?.find(
		(one) => one.type === type,
	)

function readyIsProven(cluster: SimCluster, namespace: string): void {
	if (conditionOf(cluster, namespace, "Ready")?.status !== "True") return
	const left = unproven(cluster, namespace)
	if (left.length > 0) throw new Error(`Ready is True while ${left.join(", ")}`)
}
