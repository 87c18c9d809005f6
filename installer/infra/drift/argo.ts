import type {DriftRule} from "./rules.ts"
import {driftRules} from "./rules.ts"

type IgnoredDifference = {
	readonly group: string
	readonly kind: string
	readonly jqPathExpressions: readonly string[]
}

/**
 * For `spec.ignoreDifferences` of an Argo CD Application that installs the same charts by itself. What `heddle
 * render` writes needs none of it.
 */
export function argoIgnoreDifferences(rules: readonly DriftRule[] = driftRules): IgnoredDifference[] {
	return [...Map.groupBy(rules, ({group, kind}) => `${group}/${kind}`).values()].map((same) => {
		const paths = new Set(same.flatMap(({list, fields}) => fields.map((field) => `.${list}[]?.${field}`)))
		const [{group, kind}] = same as [DriftRule, ...DriftRule[]]
		return {group, kind, jqPathExpressions: [...paths].sort()}
	})
}
