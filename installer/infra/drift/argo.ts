import {rulesByKind} from "./rules.ts"

type IgnoredDifference = {
	readonly group: string
	readonly kind: string
	readonly jqPathExpressions: readonly string[]
}

/**
 * For `spec.ignoreDifferences` of an Argo CD Application that installs the same charts by itself. What `heddle
 * render` writes needs none of it.
 */
export function argoIgnoreDifferences(): IgnoredDifference[] {
	return rulesByKind().map((same) => {
		const paths = new Set(same.flatMap(({list, fields}) => fields.map((field) => `.${list}[]?.${field}`)))
		const [{group, kind}] = same
		return {group, kind, jqPathExpressions: [...paths].sort()}
	})
}
