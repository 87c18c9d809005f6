import type {Enrolment} from "../dataplane.ts"

const none = {}
const mode = "istio.io/dataplane-mode"

/** By new pods: the label on a running pod or on its namespace would reset its established connections. */
export function enrol(): Enrolment {
	return {
		namespace: {labels: {[mode]: "ambient"}, annotations: none},
		template: {labels: {[mode]: "ambient"}, annotations: none},
	}
}

/** A waypoint that the namespace used is of no use once its pods are out, so its label goes too. */
export function leave(): Enrolment {
	return {
		namespace: {
			labels: {[mode]: null, "istio.io/use-waypoint": null, "istio.io/use-waypoint-namespace": null},
			annotations: none,
		},
		template: {labels: {[mode]: "none"}, annotations: none},
	}
}

export function owns(key: string): boolean {
	return key === mode || key === "istio.io/ingress-use-waypoint" || key.startsWith("istio.io/use-waypoint")
}
