import {declared} from "../../operator/plan/enrolment.ts"
import {classify, type PodClass} from "../../profiles/classify.ts"
import {plural} from "../../profiles/names.ts"
import * as kinds from "../../profiles/snapshot/kinds.ts"
import {refOf} from "../../profiles/snapshot/object.ts"
import type {Pod} from "../../profiles/snapshot/shapes.ts"
import type {Finding, Outcome, PureCheck, Scene} from "./types.ts"

export const enrolmentChecks: readonly PureCheck[] = [
	{
		id: "double-enrolment",
		group: "Enrolment",
		title: "no namespace is enrolled in two dataplanes",
		severity: "error",
		doc: "What the labels and annotations of a namespace ask for counts for its future pods. Two dataplanes that both take a pod capture its traffic twice, or one of them wins without a word: of Istio and Linkerd it is Istio.",
		fix: "Remove the keys of one of them from the namespace.",
		reads: [kinds.Namespace],
		look: (scene) =>
			ofNamespaces(scene, (namespace) => {
				const {installed} = scene.facts
				const names = declared(namespace.metadata, {}, installed)
					.filter(({dataplane}) => dataplane.family !== "None")
					.map(({dataplane}) => dataplane.name)
				const both = [...new Set(names)]
				return both.length < 2 ? [] : [`${namespace.metadata.name} is enrolled in ${both.join(" and ")}`]
			}),
	},
	{
		id: "injection-labels",
		group: "Enrolment",
		title: "no namespace asks for injection in two ways",
		severity: "warning",
		doc: "Where istio-injection and istio.io/rev are both on a namespace, istio-injection decides and the revision is ignored, without a word.",
		fix: "Keep one of the two labels.",
		reads: [kinds.Namespace],
		look: (scene) =>
			ofNamespaces(scene, ({metadata: {name, labels = {}}}) =>
				labels["istio-injection"] !== undefined && labels["istio.io/rev"] !== undefined
					? [
							`${name} has istio-injection=${labels["istio-injection"]}, so istio.io/rev=${labels["istio.io/rev"]} is ignored`,
						]
					: [],
			),
	},
	ofPods({
		id: "pod-captured-twice",
		title: "no pod is captured twice",
		severity: "error",
		doc: "Two dataplanes capture the traffic of one pod. What happens to it is undefined; Heddle moves nothing of such a namespace.",
		fix: "Take one enrolment out of the workload's template and let the pod be made anew.",
		what: ({dataplane, detail}) => (dataplane === "conflict" ? detail : undefined),
	}),
	ofPods({
		id: "pod-pending",
		title: "no pod is captured and not accepted",
		severity: "error",
		doc: "A pod's traffic is redirected, but its dataplane has not accepted it: it reaches nothing, and nothing reaches it.",
		fix: "Look at the node agent on the pod's node, then delete the pod.",
		what: ({dataplane, detail}) => (dataplane === "pending" ? detail : undefined),
	}),
	ofPods({
		id: "pod-broken",
		title: "no pod carries marks of a dataplane that it is not in",
		severity: "warning",
		doc: "A pod has the annotation or the container of a dataplane and is not captured by it: the mark was copied into its template, or its injection was cut short. Whoever reads the mark believes that it is protected.",
		fix: "Remove the copied mark from the template.",
		what: ({evidence}) => evidence.find((one) => one.evidence.state === "broken")?.evidence.detail,
	}),
]

type Namespaced = ReturnType<Scene["snapshot"]["list"]>[number]

function ofNamespaces({snapshot}: Scene, look: (namespace: Namespaced) => readonly string[]): Outcome {
	const namespaces = snapshot.list(kinds.Namespace)
	if (namespaces.length === 0) return {notRun: "no Namespace was read"}
	return {
		seen: plural(namespaces.length, "namespace"),
		findings: namespaces.flatMap((one) => look(one).map((message) => ({object: refOf(one), message}))),
	}
}

type PodRule = Pick<PureCheck, "id" | "title" | "severity" | "doc" | "fix"> & {
	readonly what: (is: PodClass) => string | undefined
}

function ofPods({what, ...about}: PodRule): PureCheck {
	return {
		...about,
		group: "Enrolment",
		reads: [kinds.Pod],
		look: (scene) => {
			const pods = classified(scene)
			if (pods.length === 0) return {notRun: "no Pod was read"}
			return {seen: plural(pods.length, "pod"), findings: pods.flatMap(({pod, is}) => found(pod, what(is)))}
		},
	}
}

const found = (pod: Pod, detail: string | undefined): readonly Finding[] =>
	detail === undefined ? [] : [{object: refOf(pod), message: detail.replace(/\.$/, "")}]

const known = new WeakMap<Scene, readonly {readonly pod: Pod; readonly is: PodClass}[]>()

/** Three checks ask for every pod: each is looked at once. */
function classified(scene: Scene) {
	const {snapshot, dataplanes} = scene
	const made =
		known.get(scene) ??
		snapshot.list(kinds.Pod).map((pod) => ({pod, is: classify(pod, snapshot, dataplanes)}))
	known.set(scene, made)
	return made
}
