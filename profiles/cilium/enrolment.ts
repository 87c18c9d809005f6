import {enrolLabel} from "../apis/cilium/duties.ts"
import type {Enrolment} from "../dataplane.ts"

const none = {}

/** Being on Cilium takes no key: the network holds every pod, and rules say what it does for it. */
export function enrol(): Enrolment {
	return {namespace: {labels: none, annotations: none}, template: {labels: none, annotations: none}}
}

/** Its one key is the namespace's mTLS. A pod has no opt-out of its own. */
export function leave(): Enrolment {
	return {
		namespace: {labels: {[enrolLabel]: null}, annotations: none},
		template: {labels: none, annotations: none},
	}
}

export const owns = (key: string): boolean => key === enrolLabel
