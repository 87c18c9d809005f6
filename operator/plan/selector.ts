import type {StringMap} from "../../profiles/snapshot/object.ts"
import type {LabelSelector} from "../../profiles/snapshot/shapes.ts"

type Requirement = NonNullable<LabelSelector["matchExpressions"]>[number]

const nothing: StringMap = {}

/**
 * Whether labels satisfy a selector, as the API server would decide it. An empty selector matches everything; an
 * operator that does not exist matches nothing, since a guess could select a namespace that nobody meant.
 */
export function matches(selector: LabelSelector, labels: StringMap = nothing): boolean {
	for (const [key, value] of Object.entries(selector.matchLabels ?? nothing)) {
		if (labels[key] !== value) return false
	}
	return (selector.matchExpressions ?? []).every((requirement) => holds(requirement, labels))
}

function holds({key, operator, values = []}: Requirement, labels: StringMap): boolean {
	const value = labels[key]
	switch (operator) {
		case "In":
			return value !== undefined && values.includes(value)
		case "NotIn":
			return value === undefined || !values.includes(value)
		case "Exists":
			return value !== undefined
		case "DoesNotExist":
			return value === undefined
		default:
			return false
	}
}
