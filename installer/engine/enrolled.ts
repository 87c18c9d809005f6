import {MeshBinding, MeshProfile} from "../../operator/api/kinds.ts"
import {classify} from "../../profiles/classify.ts"
import type {Dataplane} from "../../profiles/dataplane.ts"
import {listed} from "../../profiles/names.ts"
import {Pod} from "../../profiles/snapshot/kinds.ts"
import {type KubeObject, refOf} from "../../profiles/snapshot/object.ts"
import type {Snapshot} from "../../profiles/snapshot/snapshot.ts"
import {identityOf, type Manifest} from "../infra/manifest.ts"
import type {FlowDiagnostic} from "./events.ts"

/** A part of a dataplane whose loss strands pods. */
type Part = {
	readonly kind: "Deployment" | "DaemonSet"
	readonly name: RegExp
	/** Dataplanes whose pods need it. */
	readonly carries: readonly string[]
	/** Only pods of the revision that the object's label istio.io/rev names. */
	readonly byRevision?: boolean
}

const parts: readonly Part[] = [
	{kind: "Deployment", name: /^istiod(-.*)?$/, carries: ["istio-sidecar", "mosn"], byRevision: true},
	{kind: "DaemonSet", name: /^(ztunnel|istio-cni-node)$/, carries: ["istio-ambient", "pending"]},
	{kind: "Deployment", name: /^linkerd-(destination|identity)$/, carries: ["linkerd"]},
	{kind: "DaemonSet", name: /^cilium$/, carries: ["cilium"]},
	{kind: "DaemonSet", name: /^kmesh$/, carries: ["kmesh"]},
]

const block = {type: "diagnostic", severity: "block"} as const

/**
 * What speaks against removing objects: pods that prove to be on the dataplane, and Heddle's own records. What could
 * not be read counts against it too, since an empty list proves nothing then.
 */
export function objectionsTo(
	leaving: readonly Manifest[],
	snapshot: Snapshot,
	dataplanes: readonly Dataplane[],
): FlowDiagnostic[] {
	const needed = leaving.flatMap((object) => {
		const part = parts.find(({kind, name}) => object.kind === kind && name.test(object.metadata.name))
		return part === undefined ? [] : [{object, part}]
	})
	const records = recordsInTheWay(leaving, snapshot)
	if (needed.length === 0) return records
	if (!snapshot.knows(Pod)) return [...records, unknownPods()]
	const goes = madeBy(leaving)
	const pods = snapshot
		.list(Pod)
		.filter((pod) => !goes(pod))
		.map((pod) => ({pod, is: classify(pod, snapshot, dataplanes)}))
	const inUse = needed.flatMap(({object, part}) => {
		const revision = part.byRevision ? (object.metadata.labels?.["istio.io/rev"] ?? "default") : undefined
		const dependants = pods.filter(
			({is}) =>
				part.carries.includes(is.dataplane) &&
				(revision === undefined || is.revision === undefined || is.revision === revision),
		)
		return dependants.length === 0
			? []
			: [
					enrolledPods(
						object,
						dependants.map(({pod}) => pod),
					),
				]
	})
	return [...records, ...inUse]
}

/** Whether a pod goes with what leaves: its Deployment, DaemonSet, StatefulSet or Job is among it. */
function madeBy(leaving: readonly Manifest[]): (pod: KubeObject) => boolean {
	const keyOf = (kind: string, namespace: string | undefined, name: string) => `${kind}/${namespace}/${name}`
	const makers = new Set(leaving.map(({kind, metadata: {namespace, name}}) => keyOf(kind, namespace, name)))
	return ({metadata: {namespace, labels, ownerReferences = []}}) =>
		ownerReferences.some(({kind, name}) => {
			if (kind !== "ReplicaSet") return makers.has(keyOf(kind, namespace, name))
			const hash = labels?.["pod-template-hash"]
			return hash !== undefined && makers.has(keyOf("Deployment", namespace, name.replace(`-${hash}`, "")))
		})
}

function enrolledPods(object: Manifest, pods: readonly KubeObject[]): FlowDiagnostic {
	const namespaces = [...new Set(pods.map(({metadata}) => metadata.namespace ?? ""))]
	return {
		...block,
		code: "PodsEnrolled",
		object: identityOf(object),
		message: `${pods.length} pods in ${listed(namespaces)} need ${refOf(object)}`,
		fix: `Take them out first: a MeshProfile with mode None for ${listed(namespaces)}, then heddle migrate.`,
	}
}

function unknownPods(): FlowDiagnostic {
	return {
		...block,
		code: "PodsUnknown",
		message: "the pods of the cluster may not be read, so whether one needs what would be removed is unknown",
		fix: "Ask for the permission to list pods in the whole cluster.",
	}
}

const isOperator = ({kind, metadata}: Manifest) =>
	kind === "Deployment" && metadata.name === "heddle-operator"

/** Without the operator nobody takes off the finalizers of what it keeps, nor ends what it has begun. */
function recordsInTheWay(leaving: readonly Manifest[], snapshot: Snapshot): FlowDiagnostic[] {
	if (!leaving.some(isOperator)) return []
	const going = new Set(leaving.map(identityOf))
	const profiles = snapshot.list(MeshProfile).filter((one) => !going.has(identityOf(one as Manifest)))
	const moving = snapshot
		.list(MeshBinding)
		.filter(({status}) => ["Running", "RollingBack", "Holding"].includes(status?.migration?.state ?? ""))
	return [
		...(moving.length === 0
			? []
			: [
					{
						...block,
						code: "MigrationsUnderWay",
						message: `migrations are under way in ${listed(moving.map(({metadata}) => metadata.namespace ?? ""))}`,
						fix: "Let them end, or take them back with heddle rollback.",
					},
				]),
		...(profiles.length === 0
			? []
			: [
					{
						...block,
						code: "ProfilesInTheWay",
						message: `the operator still works for ${listed(profiles.map(({metadata}) => metadata.name))}`,
						fix: "Delete these MeshProfiles first, while the operator can still carry out their deletionPolicy.",
					},
				]),
	]
}
