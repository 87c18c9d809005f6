import {selects} from "../../pods.ts"
import * as kinds from "../../snapshot/kinds.ts"
import type {StringMap} from "../../snapshot/object.ts"
import type {LabelSelector, PodTemplate} from "../../snapshot/shapes.ts"
import type {Snapshot} from "../../snapshot/snapshot.ts"
import {templatesIn} from "../../workloads.ts"
import type {Field} from "../read.ts"

/** Which cluster a pod is in is not to be seen here, so a selector by it is taken to select. */
const unseen = "io.cilium.k8s.policy.cluster"

/** The labels by which Cilium's selectors know a pod: its own, and those that Cilium derives. */
function identityOf({metadata, spec}: PodTemplate, derived: StringMap): StringMap {
	return {
		...metadata?.labels,
		...derived,
		"io.cilium.k8s.policy.serviceaccount": spec?.serviceAccountName ?? "default",
	}
}

const known = new WeakMap<Snapshot, Map<string, readonly StringMap[]>>()

/** The identities that pods of a namespace have or will have. Kept for this very snapshot, as its workloads are. */
function identitiesIn(snapshot: Snapshot, namespace: string): readonly StringMap[] {
	const spaces = known.get(snapshot) ?? new Map<string, readonly StringMap[]>()
	known.set(snapshot, spaces)
	const found = spaces.get(namespace) ?? identities(snapshot, namespace)
	spaces.set(namespace, found)
	return found
}

function identities(snapshot: Snapshot, namespace: string): readonly StringMap[] {
	const labels = snapshot.get(kinds.Namespace, namespace)?.metadata.labels ?? {}
	const derived = {
		"io.kubernetes.pod.namespace": namespace,
		...Object.fromEntries(
			Object.entries(labels).map(([key, value]) => [`io.cilium.k8s.namespace.labels.${key}`, value]),
		),
	}
	const templates: readonly PodTemplate[] = [
		...snapshot.list(kinds.Pod, namespace),
		...templatesIn(snapshot, namespace).map(({template}) => template),
	]
	return templates
		.filter(({spec}) => spec?.hostNetwork !== true)
		.map((template) => identityOf(template, derived))
}

/** `k8s:app` and `any:app` mean the label app; labels of other sources, such as `reserved:`, belong to no pod. */
const plainKey = (key: string): string => key.replace(/^(k8s|any):/, "")

/** A selector as Kubernetes would write it. */
export function readSelector(selector: Field): LabelSelector {
	const matchLabels = Object.entries(selector.at("matchLabels").stringMap())
		.map(([key, value]) => [plainKey(key), value] as const)
		.filter(([key]) => key !== unseen)
	const matchExpressions = selector
		.at("matchExpressions")
		.items()
		.map((expression) => ({
			key: plainKey(expression.at("key").text() ?? ""),
			operator:
				expression.at("operator").word(["In", "NotIn", "Exists", "DoesNotExist"] as const) ?? "Exists",
			values: expression.at("values").texts(),
		}))
		.filter(({key}) => key !== unseen)
	return {matchLabels: Object.fromEntries(matchLabels), matchExpressions}
}

/** A selector selects some pod that the namespace has or will have. */
export const reaches = (snapshot: Snapshot, namespace: string, selector: LabelSelector): boolean =>
	identitiesIn(snapshot, namespace).some((identity) => selects(selector, identity))
