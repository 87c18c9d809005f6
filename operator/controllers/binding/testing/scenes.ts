import type {MeshProfile, MeshProfileSpec} from "../../../../crds/generated.ts"
import type {KubeObject, StringMap} from "../../../../profiles/snapshot/object.ts"
import {namespace} from "../../../../profiles/testing/builders.ts"
import {controlPlanes, nodes, type WorkloadSpec, workload} from "../../../plan/testing/cluster.ts"
import {meshProfile} from "../../../plan/testing/profile.ts"
import {SimCluster} from "./cluster.ts"

export type Scene = {
	readonly mode: MeshProfileSpec["dataplane"]["mode"]
	readonly labels?: StringMap
	readonly annotations?: StringMap
	readonly spec?: Partial<MeshProfileSpec>
	readonly workloads?: readonly WorkloadSpec[]
	readonly objects?: readonly KubeObject[]
}

export const shop = "shop"

/** Two Deployments that take moves well, on no mesh. */
const cartAndWeb: readonly WorkloadSpec[] = [
	{kind: "Deployment", name: "cart", on: "none"},
	{kind: "Deployment", name: "web", on: "none"},
]

export const profileOf = (profile: MeshProfile): MeshProfile => ({
	...profile,
	metadata: {...profile.metadata, generation: 1},
})

/** A cluster with Istio, ambient among it, and one namespace that a profile selects. */
export function scene({
	mode,
	labels = {},
	annotations,
	spec = {},
	workloads = cartAndWeb,
	objects = [],
}: Scene): SimCluster {
	return new SimCluster([
		...nodes(),
		...controlPlanes.istio(),
		...controlPlanes.ambient(),
		namespace(shop, {team: "payments", ...labels}, annotations),
		...workloads.flatMap(workload),
		...objects,
		profileOf(meshProfile({mode}, spec)),
	])
}
