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

/** Whether everything in `wanted` stands in `object` too; what the API server adds beside it does not matter. */
export function covers(object: unknown, wanted: unknown): boolean {
	if (Array.isArray(wanted)) {
		if (!Array.isArray(object) || object.length !== wanted.length) return false
		return wanted.every((item, index) => covers(object[index], item))
	}
	if (typeof wanted !== "object" || wanted === null) return object === wanted
	if (typeof object !== "object" || object === null) return false
	const values = object as Record<string, unknown>
	return Object.entries(wanted).every(([key, value]) => covers(values[key], value))
}
