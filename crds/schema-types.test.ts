import {expect, test} from "vitest"
import {declarationsOf} from "./schema-types.ts"

test("objects become types of their own, named by their path without spec", () => {
	const text = declarationsOf(
		"Loom",
		{
			description: "A loom.",
			type: "object",
			properties: {
				kind: {type: "string"},
				spec: {
					type: "object",
					required: ["threads"],
					properties: {
						threads: {
							type: "array",
							items: {
								type: "object",
								properties: {colour: {type: "string", enum: ["Red", "Blue"], default: "Red"}},
							},
						},
						sizes: {type: "array", items: {type: "string", enum: ["S", "L"]}},
						labels: {type: "object", additionalProperties: {type: "string"}},
						config: {type: "object", "x-kubernetes-preserve-unknown-fields": true},
						count: {type: "integer", description: "How many."},
					},
				},
			},
		},
		{kind: '"Loom"'},
	).join("\n")
	expect(text).toBe(`/** A loom. */
export type Loom = {
	readonly kind: "Loom"
	readonly spec?: LoomSpec
}

export type LoomSpec = {
	readonly threads: readonly LoomThread[]
	readonly sizes?: readonly ("S" | "L")[]
	readonly labels?: Readonly<Record<string, string>>
	readonly config?: Readonly<Record<string, unknown>>
	/** How many. */
	readonly count?: number
}

export type LoomThread = {
	/** Default: "Red". */
	readonly colour?: "Red" | "Blue"
}
`)
})

test("a schema that no type stands for is refused by its name", () => {
	expect(() => declarationsOf("Loom", {properties: {odd: {type: "null"}}}, {})).toThrow(
		"LoomOdd: no TypeScript type for the schema type null",
	)
})
