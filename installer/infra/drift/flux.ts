import {rulesByKind} from "./rules.ts"

type IgnoreRule = {
	/** JSON Pointers (RFC 6901), which know no wildcard: one for each entry that there may be. */
	readonly paths: readonly string[]
	readonly target: {readonly group: string; readonly kind: string}
}

/** More webhooks than any of the charts has in one configuration. */
const entries = 8

/**
 * For `spec.driftDetection.ignore` of a HelmRelease of Flux that installs the same charts by itself. What `heddle
 * render` writes needs none of it.
 */
export function fluxIgnoreRules(): IgnoreRule[] {
	return rulesByKind().map((same) => {
		const fields = same.flatMap(({list, fields}) => fields.map((field) => [list, field.replaceAll(".", "/")]))
		const paths = fields.flatMap(([list, field]) =>
			Array.from({length: entries}, (_, i) => `/${list}/${i}/${field}`),
		)
		const [{group, kind}] = same
		return {paths: [...new Set(paths)].sort(), target: {group, kind}}
	})
}
