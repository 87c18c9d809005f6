import {features as ciliumFeatures} from "./apis/cilium/features.ts"
import {features as gatewayAPIFeatures} from "./apis/gateway-api/features.ts"
import {features as gkeFeatures} from "./apis/gke/features.ts"
import {features as istioFeatures} from "./apis/istio/features.ts"
import {features as kubernetesFeatures} from "./apis/kubernetes/features.ts"
import {features as linkerdFeatures} from "./apis/linkerd/features.ts"
import {joined, type Use, type Uses} from "./apis/use.ts"
import {type FeatureUse, features} from "./features.ts"
import type {Reason} from "./reason.ts"
import {refOf} from "./snapshot/object.ts"
import type {Snapshot} from "./snapshot/snapshot.ts"

/** What a namespace makes use of, and the objects that could not be read (`UnreadablePolicy`, block). */
export type InUse = {readonly features: readonly FeatureUse[]; readonly reasons: readonly Reason[]}

/** One reader per API: what a namespace makes use of by the objects of that API. */
const readers: readonly ((snapshot: Snapshot, namespace: string) => Uses)[] = [
	istioFeatures,
	gatewayAPIFeatures,
	kubernetesFeatures,
	linkerdFeatures,
	ciliumFeatures,
	gkeFeatures,
]

/** The features in use in a namespace, by its own objects and by those that hold for the whole mesh. */
export function inUse(snapshot: Snapshot, namespace: string): InUse {
	const {uses, reasons} = joined(readers.map((read) => read(snapshot, namespace)))
	const found = features.flatMap((name) => {
		const of = uses.filter((use) => use.name === name)
		return of.length === 0 ? [] : [gather(name, of)]
	})
	return {features: found, reasons}
}

function gather(name: FeatureUse["name"], uses: readonly Use[]): FeatureUse {
	const notes = [...new Set(uses.flatMap(({note}) => note ?? []))].sort()
	return {
		name,
		usedBy: [...new Set(uses.map(({object}) => refOf(object)))].sort(),
		...(notes.length === 0 ? {} : {note: notes.join("; ")}),
		...(uses.every(({carrier}) => carrier === "cni") ? {carrier: "cni"} : {}),
	}
}
