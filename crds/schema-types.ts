/** The part of a structural schema that types are made from. */
export type Schema = {
	readonly type?: string
	readonly description?: string
	readonly enum?: readonly string[]
	readonly default?: unknown
	readonly required?: readonly string[]
	readonly properties?: Readonly<Record<string, Schema>>
	readonly additionalProperties?: Schema
	readonly items?: Schema
	readonly "x-kubernetes-preserve-unknown-fields"?: boolean
}

/** Declarations in order of need: a type stands before the types of its own fields. */
export function declarationsOf(
	name: string,
	schema: Schema,
	fixed: Readonly<Record<string, string>>,
): readonly string[] {
	const nested: string[] = []
	const fields = Object.entries(schema.properties ?? {}).map(([key, property]) => {
		const type = fixed[key] ?? typeOf(nameOf(name, key), property, nested)
		const optional = schema.required?.includes(key) || fixed[key] !== undefined ? "" : "?"
		return `${docOf(property, "\t")}\treadonly ${key}${optional}: ${type}\n`
	})
	return [`${docOf(schema, "")}export type ${name} = {\n${fields.join("")}}\n`, ...nested]
}

/** The type of one value; the objects within it get declarations of their own. */
function typeOf(name: string, schema: Schema, nested: string[]): string {
	if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(" | ")
	if (schema.items !== undefined) {
		const item = typeOf(singular(name), schema.items, nested)
		return `readonly ${item.includes("|") ? `(${item})` : item}[]`
	}
	if (schema.properties !== undefined) {
		nested.push(...declarationsOf(name, schema, {}))
		return name
	}
	if (schema.additionalProperties !== undefined)
		return `Readonly<Record<string, ${typeOf(name, schema.additionalProperties, nested)}>>`
	return scalarOf(schema, name)
}

function scalarOf(schema: Schema, name: string): string {
	if (schema["x-kubernetes-preserve-unknown-fields"]) return "Readonly<Record<string, unknown>>"
	if (schema.type === "integer" || schema.type === "number") return "number"
	if (schema.type === "string" || schema.type === "boolean") return schema.type
	throw new Error(`${name}: no TypeScript type for the schema type ${schema.type ?? "(none)"}`)
}

/** `spec` is left out of names: MeshProfileDataplane reads better than MeshProfileSpecDataplane. */
function nameOf(parent: string, key: string): string {
	return parent.replace(/Spec$/, "") + key.charAt(0).toUpperCase() + key.slice(1)
}

function singular(name: string): string {
	return name.endsWith("s") ? name.slice(0, -1) : `${name}Item`
}

function docOf(schema: Schema, indent: string): string {
	const given =
		schema.default === undefined || typeof schema.default === "object"
			? ""
			: ` Default: ${JSON.stringify(schema.default)}.`
	const text = `${schema.description ?? ""}${given}`.trim()
	return text === "" ? "" : `${indent}/** ${text} */\n`
}
