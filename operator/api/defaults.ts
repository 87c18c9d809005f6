import type {MeshBindingSpec, MeshProfileExtension, MeshProfileSpec} from "../../crds/generated.ts"

/*
 * The defaults of the CRDs, for objects that come from files and have never met an API server. A test holds them
 * against the YAML.
 */

export const profileDefaults = {
	priority: 0,
	approval: "Automatic",
	maxConcurrentWorkloads: 1,
	soak: "60s",
	minRequests: 100,
	onFailure: "RollBack",
	deletionPolicy: "Retain",
	paused: false,
	phase: "Unspecified",
	failurePolicy: "Fail",
	rollout: "Canary",
} as const

export const bindingDefaults = {hold: false, target: "Desired"} as const

/** A profile's spec as the API server would store it; what is given stays as it is. */
export function defaultedProfileSpec(spec: MeshProfileSpec) {
	const {migration} = spec
	return {
		...spec,
		priority: spec.priority ?? profileDefaults.priority,
		deletionPolicy: spec.deletionPolicy ?? profileDefaults.deletionPolicy,
		paused: spec.paused ?? profileDefaults.paused,
		...(spec.extensions === undefined ? {} : {extensions: spec.extensions.map(defaultedExtension)}),
		migration: {
			...migration,
			approval: migration?.approval ?? profileDefaults.approval,
			onFailure: migration?.onFailure ?? profileDefaults.onFailure,
			waves: {
				maxConcurrentWorkloads:
					migration?.waves?.maxConcurrentWorkloads ?? profileDefaults.maxConcurrentWorkloads,
				soak: migration?.waves?.soak ?? profileDefaults.soak,
			},
		},
	}
}
export type DefaultedProfileSpec = ReturnType<typeof defaultedProfileSpec>

/** An extension as the API server would store it. */
export function defaultedExtension(extension: MeshProfileExtension) {
	return {
		...extension,
		phase: extension.phase ?? profileDefaults.phase,
		failurePolicy: extension.failurePolicy ?? profileDefaults.failurePolicy,
		rollout: extension.rollout ?? profileDefaults.rollout,
	}
}

/** A binding's spec as the API server would store it. */
export function defaultedBindingSpec(spec: MeshBindingSpec = {}) {
	return {...spec, hold: spec.hold ?? bindingDefaults.hold, target: spec.target ?? bindingDefaults.target}
}

const units: Readonly<Record<string, number>> = {ms: 1, s: 1_000, m: 60_000, h: 3_600_000}

/** Milliseconds of a duration such as `1m30s`, in the grammar of the CRD; undefined when it is none. */
export function durationMs(text: string): number | undefined {
	if (!/^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$/.test(text)) return undefined
	let total = 0
	for (const [, amount, unit] of text.matchAll(/([0-9.]+)(ms|s|m|h)/g))
		total += Number(amount) * (units[unit ?? ""] ?? 0)
	return total
}
