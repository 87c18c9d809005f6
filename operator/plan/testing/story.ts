import {parseAllDocuments} from "yaml"
import type {MeshProfile} from "../../../crds/generated.ts"
import type {KubeObject} from "../../../profiles/snapshot/object.ts"
import {
	type ControlPlaneName,
	controlPlanes,
	nodes,
	type Place,
	podOn,
	type WorkloadSpec,
	workload,
} from "./cluster.ts"

/** The first document of a story: what happens, and what there is beside the objects that follow. */
type Head = {
	readonly story: string
	readonly cluster?: readonly ControlPlaneName[]
	readonly workloads?: readonly WorkloadSpec[]
	/** Pods that nothing owns. */
	readonly pods?: readonly {readonly name: string; readonly on: Place}[]
	readonly accept?: readonly string[]
	readonly allNamespaces?: boolean
}

export type Story = {
	readonly about: string
	readonly objects: readonly KubeObject[]
	readonly profiles: readonly MeshProfile[]
	readonly accept: readonly string[]
	readonly allNamespaces: boolean
}

/** Reads a story: a head, then Kubernetes objects as a person would write them. */
export function readStory(text: string): Story {
	const [head, ...objects] = parseAllDocuments(text).map((one) => one.toJS()) as [Head, ...KubeObject[]]
	const planes = (head.cluster ?? ["istio", "ambient"]).flatMap((name) => controlPlanes[name]())
	return {
		about: head.story,
		profiles: objects.filter((one): one is MeshProfile => one.kind === "MeshProfile"),
		objects: [
			...nodes(),
			...planes,
			...(head.workloads ?? []).flatMap(workload),
			...(head.pods ?? []).map(({name, on}) => podOn(on, name, {namespace: "shop"})),
			...objects.filter(({kind}) => kind !== "MeshProfile"),
		],
		accept: head.accept ?? [],
		allNamespaces: head.allNamespaces ?? false,
	}
}
