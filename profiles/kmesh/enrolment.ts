import type {Enrolment} from "../dataplane.ts"

const none = {}
/** The key that Istio's ambient mode uses too: a pod can carry one of the two values only. */
const mode = "istio.io/dataplane-mode"

/**
 * Kmesh compares the value whatever its case (pkg/utils/enroll.go); this is how its source writes it. By new pods: the
 * label on a running pod or on its namespace takes it over at once.
 */
export function enrol(): Enrolment {
	return {
		namespace: {labels: {[mode]: "kmesh"}, annotations: none},
		template: {labels: {[mode]: "kmesh"}, annotations: none},
	}
}

/** A waypoint with Kmesh's image is of no use to others, so its label goes too. */
export function leave(): Enrolment {
	return {
		namespace: {
			labels: {[mode]: null, "istio.io/use-waypoint": null, "istio.io/use-waypoint-namespace": null},
			annotations: none,
		},
		template: {labels: {[mode]: "none"}, annotations: none},
	}
}

/** A redirection that somebody copied into a template goes as well: the agent alone writes it. */
export function owns(key: string): boolean {
	return (
		key === mode ||
		key.startsWith("kmesh.net/") ||
		key === "istio.io/ingress-use-waypoint" ||
		key.startsWith("istio.io/use-waypoint")
	)
}
