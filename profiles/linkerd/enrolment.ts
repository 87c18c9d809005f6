import type {Enrolment} from "../dataplane.ts"

const none = {}
const inject = "linkerd.io/inject"

/** A pod's annotation wins over that of its namespace. Source: linkerd2:pkg/inject/report.go */
export function enrol(): Enrolment {
	return {
		namespace: {labels: none, annotations: {[inject]: "enabled"}},
		template: {labels: none, annotations: {[inject]: "enabled"}},
	}
}

/** The opt-out is a value, not an absence: an annotation that someone puts on the namespace later cannot enrol again. */
export function leave(): Enrolment {
	return {
		namespace: {labels: none, annotations: {[inject]: null}},
		template: {labels: none, annotations: {[inject]: "disabled"}},
	}
}

const prefixes = ["config.linkerd.io/", "config.alpha.linkerd.io/", "config.beta.linkerd.io/"]

/**
 * Annotations of the namespace and of the pod template. The label `config.linkerd.io/admission-webhooks` of a
 * namespace is a switch of its owner's, not an enrolment.
 */
export function owns(key: string): boolean {
	return (
		key === inject ||
		(key !== "config.linkerd.io/admission-webhooks" && prefixes.some((prefix) => key.startsWith(prefix)))
	)
}
