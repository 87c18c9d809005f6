/** What Istio's node agent would do with a pod. Pure; the names and the order are those of its redirection check. */
export type PodFacts = {
	namespace: string
	labels: Readonly<Record<string, string>>
	annotations: Readonly<Record<string, string>>
	hostNetwork: boolean
	/** It has an address and has not ended: before that there is no network to redirect, after that no more. */
	running: boolean
}

export type Decision = "enrol" | "leave" | "nothing"

const modeLabel = "istio.io/dataplane-mode"
export const redirection = "ambient.istio.io/redirection"

const excluded = new Set(["kube-system", "istio-system"])

export function decide(pod: PodFacts, namespaceLabels: Readonly<Record<string, string>>): Decision {
	if (!pod.running) return "nothing"
	const enrolled = pod.annotations[redirection] === "enabled"
	const wanted = isWanted(pod, namespaceLabels)
	if (wanted === enrolled) return "nothing"
	return wanted ? "enrol" : "leave"
}

function isWanted(pod: PodFacts, namespaceLabels: Readonly<Record<string, string>>): boolean {
	if (pod.hostNetwork || excluded.has(pod.namespace)) return false
	if (pod.annotations["sidecar.istio.io/status"]) return false
	// The pod's own label wins, in both directions.
	return (pod.labels[modeLabel] ?? namespaceLabels[modeLabel]) === "ambient"
}
