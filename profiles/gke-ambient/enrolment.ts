import type {Enrolment} from "../dataplane.ts"

const none = {}
const prefix = "networking.gke.io/"
const mode = `${prefix}dataplane-mode`
const metrics = `${prefix}ambient-network-metrics`

/** By the namespace alone: a pod has no key of its own, neither to come in nor to stay out. */
export function enrol(): Enrolment {
	return {
		namespace: {labels: {[mode]: "ambient"}, annotations: none},
		template: {labels: none, annotations: none},
	}
}

export function leave(): Enrolment {
	return {
		namespace: {labels: {[mode]: null, [metrics]: null}, annotations: none},
		template: {labels: none, annotations: none},
	}
}

export const owns = (key: string): boolean => key === mode || key === metrics
