import type {Keys} from "../../../profiles/dataplane.ts"

export type Ref = {readonly kind: string; readonly namespace?: string; readonly name: string}

/** Reads `Kind/namespace/name` or `Kind/name`. */
export function parseRef(ref: string): Ref {
	const [kind = "", first = "", second] = ref.split("/")
	return second === undefined ? {kind, name: first} : {kind, namespace: first, name: second}
}

/** The spec of a merge patch that changes keys on a pod template and nothing else. */
export function templatePatch(kind: string, keys: Keys): object {
	const template = {template: {metadata: keys}}
	return kind === "CronJob" ? {jobTemplate: {spec: template}} : template
}
