import type {LabelSelector} from "../snapshot/shapes.ts"
import type {Field} from "./read.ts"

const operators = ["In", "NotIn", "Exists", "DoesNotExist"] as const

/** A selector as Kubernetes writes it; an operator that nobody knows is a fault of the object. */
export function labelSelectorAt(field: Field): LabelSelector {
	return {
		matchLabels: field.at("matchLabels").stringMap(),
		matchExpressions: field
			.at("matchExpressions")
			.items()
			.map((one) => ({
				key: one.at("key").text() ?? "",
				operator: one.at("operator").word(operators) ?? "Exists",
				values: one.at("values").texts(),
			})),
	}
}
