import fc from "fast-check"
import type {MeshProfileSpec} from "../../../../crds/generated.ts"
import type {KubeObject} from "../../../../profiles/snapshot/object.ts"
import type {Deployment} from "../../../../profiles/snapshot/shapes.ts"
import {workload} from "../../../plan/testing/cluster.ts"
import {bindingRef, change, patchTemplate, remove, setNamespaceKeys} from "./act.ts"
import {keyOf, type SimCluster} from "./cluster.ts"
import {shop} from "./scenes.ts"

/** Something that a person does to a cluster, whatever else is going on there. */
export type Edit = {
	readonly does: string
	readonly apply: (cluster: SimCluster) => void
	/** Turns of operator and cluster before it. */
	readonly after: number
}

const rolling = (cluster: SimCluster): readonly KubeObject[] =>
	cluster.objects.filter(
		({kind, metadata}) =>
			metadata.namespace === shop &&
			(kind === "Deployment" || kind === "StatefulSet" || kind === "DaemonSet"),
	)

const any = <T>(list: readonly T[], index: number): T | undefined => list[index % Math.max(1, list.length)]

function withSpec(cluster: SimCluster, ref: string, spec: object): void {
	change(cluster, ref, (object) =>
		cluster.put({...object, spec: {...(object as Deployment).spec, ...spec}} as KubeObject),
	)
}

function scale(cluster: SimCluster, index: number, replicas: number): void {
	const owner = any(
		rolling(cluster).filter(({kind}) => kind !== "DaemonSet"),
		index,
	)
	if (owner !== undefined) withSpec(cluster, keyOf(owner), {replicas})
}

function release(cluster: SimCluster, index: number, version: number): void {
	const owner = any(rolling(cluster), index) as Deployment | undefined
	if (owner === undefined) return
	const {template} = owner.spec ?? {}
	const containers = (template?.spec?.containers ?? []).map((one) => ({...one, image: `app:${version}`}))
	withSpec(cluster, keyOf(owner), {template: {...template, spec: {...template?.spec, containers}}})
}

function relabel(cluster: SimCluster, index: number, labels: Readonly<Record<string, string | null>>): void {
	const owner = any(rolling(cluster), index)
	if (owner !== undefined) patchTemplate(cluster, keyOf(owner), {labels, annotations: {}})
}

function drop(cluster: SimCluster, index: number): void {
	const owner = any(rolling(cluster), index)
	if (owner === undefined) return
	for (const pod of cluster.podsOf(owner)) cluster.remove(pod)
	remove(cluster, keyOf(owner))
}

function create(cluster: SimCluster, index: number): void {
	for (const object of workload({kind: "Deployment", name: `new-${index}`, on: "none"})) cluster.put(object)
}

const modes: readonly MeshProfileSpec["dataplane"]["mode"][] = ["Auto", "Sidecar", "Sidecarless", "None"]
const profile = "MeshProfile/payments"

const index = fc.nat(3)
const toggles = fc.constantFrom<Readonly<Record<string, string | null>>>(
	{"istio-injection": "enabled"},
	{"istio-injection": null},
	{"istio-injection": "disabled"},
	{"istio.io/dataplane-mode": "ambient"},
	{"istio.io/dataplane-mode": null},
)
const templateToggles = fc.constantFrom<Readonly<Record<string, string | null>>>(
	{"sidecar.istio.io/inject": "false"},
	{"sidecar.istio.io/inject": null, "istio.io/dataplane-mode": null},
	{"istio.io/dataplane-mode": "ambient"},
)

const act = fc.oneof(
	fc.tuple(index, fc.nat(4)).map(([at, count]) => ({
		does: `scales ${at} to ${count}`,
		apply: (cluster: SimCluster) => scale(cluster, at, count),
	})),
	fc.tuple(index, fc.nat(9)).map(([at, version]) => ({
		does: `releases ${version} of ${at}`,
		apply: (cluster: SimCluster) => release(cluster, at, version),
	})),
	toggles.map((labels) => ({
		does: `labels the namespace ${JSON.stringify(labels)}`,
		apply: (cluster: SimCluster) => setNamespaceKeys(cluster, shop, {labels, annotations: {}}),
	})),
	fc.tuple(index, templateToggles).map(([at, labels]) => ({
		does: `labels the template of ${at} ${JSON.stringify(labels)}`,
		apply: (cluster: SimCluster) => relabel(cluster, at, labels),
	})),
	index.map((at) => ({does: `deletes ${at}`, apply: (cluster: SimCluster) => drop(cluster, at)})),
	index.map((at) => ({does: `creates new-${at}`, apply: (cluster: SimCluster) => create(cluster, at)})),
	fc.constantFrom(...modes).map((mode) => ({
		does: `asks for ${mode}`,
		apply: (cluster: SimCluster) => withSpec(cluster, profile, {dataplane: {mode}}),
	})),
	fc.boolean().map((paused) => ({
		does: `sets paused ${paused}`,
		apply: (cluster: SimCluster) => withSpec(cluster, profile, {paused}),
	})),
	fc.boolean().map((hold) => ({
		does: `sets hold ${hold}`,
		apply: (cluster: SimCluster) => withSpec(cluster, bindingRef(shop), {hold}),
	})),
	fc.constantFrom("Desired", "Previous").map((target) => ({
		does: `sets target ${target}`,
		apply: (cluster: SimCluster) => withSpec(cluster, bindingRef(shop), {target}),
	})),
)

/** Up to six edits, each after some turns. */
export const edits: fc.Arbitrary<readonly Edit[]> = fc.array(
	fc.tuple(act, fc.nat(8)).map(([edit, after]) => ({
		...edit,
		after,
		[fc.toStringMethod]: () => `after ${after} turns a person ${edit.does}`,
	})),
	{minLength: 1, maxLength: 6},
)
