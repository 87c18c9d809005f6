import {selects} from "../../pods.ts"
import type {StringMap} from "../../snapshot/object.ts"
import type {LabelSelector} from "../../snapshot/shapes.ts"
import type {Callee, Caller, Outside} from "../request.ts"

export const namespaceLabel = "io.kubernetes.pod.namespace"
export const accountLabel = "io.cilium.k8s.policy.serviceaccount"
export const spaceLabelPrefix = "io.cilium.k8s.namespace.labels."

export type End = Pick<
	Caller | Callee,
	"namespace" | "labels" | "namespaceLabels" | "serviceAccount" | "outside"
>

const reserved: Readonly<Record<Outside, string>> = {
	node: "reserved:host",
	"other-node": "reserved:remote-node",
	world: "reserved:world",
}

/**
 * Cilium's identity of a peer: a pod's labels, with its namespace, the namespace's own labels and its service account
 * among them. Who is no pod has one reserved label.
 * Source: cilium:pkg/k8s/labels.go (GetPodMetadata)
 */
export function identityOf({namespace, labels, namespaceLabels, serviceAccount, outside}: End): StringMap {
	if (outside !== undefined) return {[reserved[outside]]: ""}
	const spaceLabels = {...namespaceLabels, "kubernetes.io/metadata.name": namespace}
	return {
		...labels,
		...Object.fromEntries(
			Object.entries(spaceLabels).map(([key, value]) => [`${spaceLabelPrefix}${key}`, value]),
		),
		...(serviceAccount === undefined ? {} : {[accountLabel]: serviceAccount}),
		[namespaceLabel]: namespace,
	}
}

/** `k8s:app`, `any:app` and `app` mean the label app. */
const plainKey = (key: string) => key.replace(/^(k8s|any)[:.]/, "").replace(/^reserved\./, "reserved:")

/** A selector with keys as identities have them. */
function plain({matchLabels = {}, matchExpressions = []}: LabelSelector): Required<LabelSelector> {
	return {
		matchLabels: Object.fromEntries(
			Object.entries(matchLabels).map(([key, value]) => [plainKey(key), value]),
		),
		matchExpressions: matchExpressions.map((one) => ({...one, key: plainKey(one.key)})),
	}
}

/** Whether a policy is for the pod of an identity; one of a namespace is for pods of that namespace, whatever it says. */
export function isSubject(selector: LabelSelector, identity: StringMap, home: string | undefined): boolean {
	const isHome = home === undefined || identity[namespaceLabel] === home
	return isHome && selects(plain(selector), identity)
}

/**
 * Whether a selector of peers selects an identity. One of a namespaced policy means its own namespace, unless it speaks
 * of namespaces itself; one of a clusterwide policy means pods. `home` is undefined for a clusterwide policy.
 * Source: cilium:pkg/k8s/apis/cilium.io/utils/utils.go (getEndpointSelector)
 */
export function isPeerOf(selector: LabelSelector, identity: StringMap, home: string | undefined): boolean {
	const meant = plain(selector)
	const keys = [...Object.keys(meant.matchLabels), ...meant.matchExpressions.map(({key}) => key)]
	const anywhere = keys.some(
		(key) => key === namespaceLabel || key.startsWith(spaceLabelPrefix) || key.startsWith("reserved:"),
	)
	const isHome =
		home === undefined ? identity[namespaceLabel] !== undefined : identity[namespaceLabel] === home
	return (anywhere || isHome) && selects(meant, identity)
}
