/** What is wrong with one field of an object, and what to do about it. */
export type Problem = {
	/** Path from the object's root, such as `spec.extensions[0].sha256`. */
	readonly field: string
	readonly message: string
	readonly fix: string
}

/** Says what is wrong with a value; nothing when it is fine. */
export type Check = (value: unknown, field: string) => readonly Problem[]

export type Fields = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Fields =>
	typeof value === "object" && value !== null && !Array.isArray(value)

const wrong = (field: string, message: string, fix: string): readonly Problem[] => [{field, message, fix}]

const shown = (value: unknown): string => {
	const text = JSON.stringify(value) ?? String(value)
	return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

export function text(rule: {pattern?: RegExp; min?: number; max?: number; like: string}): Check {
	return (value, field) => {
		if (typeof value !== "string")
			return wrong(field, `must be a string, not ${shown(value)}`, `write ${rule.like}`)
		const tooLong = value.length > (rule.max ?? Number.POSITIVE_INFINITY) || value.length < (rule.min ?? 0)
		if (tooLong || rule.pattern?.test(value) === false) {
			return wrong(field, `${shown(value)} is not valid`, `write ${rule.like}`)
		}
		return []
	}
}

export function oneOf(allowed: readonly string[]): Check {
	return (value, field) =>
		typeof value === "string" && allowed.includes(value)
			? []
			: wrong(field, `unknown value ${shown(value)}`, `use one of ${allowed.join(", ")}`)
}

export function number(rule: {min: number; max?: number; integer?: boolean}): Check {
	const range = rule.max === undefined ? `of at least ${rule.min}` : `from ${rule.min} to ${rule.max}`
	return (value, field) => {
		const good =
			typeof value === "number" &&
			value >= rule.min &&
			value <= (rule.max ?? Number.MAX_SAFE_INTEGER) &&
			(rule.integer !== true || Number.isInteger(value))
		if (good) return []
		return wrong(
			field,
			`${shown(value)} is not valid`,
			`write ${rule.integer ? "a whole number" : "a number"} ${range}`,
		)
	}
}

export const bool: Check = (value, field) =>
	typeof value === "boolean"
		? []
		: wrong(field, `must be true or false, not ${shown(value)}`, "write true or false")

export const anyObject: Check = (value, field) =>
	isObject(value) ? [] : wrong(field, `must be an object, not ${shown(value)}`, "write a mapping")

/** `unique` says by what two items are the same; two of the same are refused. */
export function list(item: Check, rule: {max: number; unique?: (item: unknown) => unknown}): Check {
	return (value, field) => {
		if (!Array.isArray(value)) return wrong(field, `must be a list, not ${shown(value)}`, "write a list")
		const found = value.flatMap((one, index) => item(one, `${field}[${index}]`))
		if (value.length > rule.max)
			found.push(...wrong(field, `has ${value.length} items`, `give at most ${rule.max}`))
		const {unique} = rule
		const keys = unique === undefined ? [] : value.map(unique)
		const twice = keys.find((key, index) => keys.indexOf(key) !== index)
		if (twice !== undefined)
			found.push(...wrong(field, `${shown(twice)} stands there twice`, "leave one of them"))
		return found
	}
}

export function map(rule: {key?: Check; value: Check; max: number}): Check {
	return (value, field) => {
		if (!isObject(value)) return anyObject(value, field)
		const entries = Object.entries(value)
		const found = entries.flatMap(([key, one]) => [
			...(rule.key?.(key, `${field}[${key}]`) ?? []),
			...rule.value(one, `${field}[${key}]`),
		])
		if (entries.length > rule.max)
			found.push(...wrong(field, `has ${entries.length} entries`, `give at most ${rule.max}`))
		return found
	}
}

type Shape = {
	readonly required?: Readonly<Record<string, Check>>
	readonly optional?: Readonly<Record<string, Check>>
	/** Rules across fields; run only when each field by itself is fine. */
	readonly rules?: readonly ((value: Fields, field: string) => readonly Problem[])[]
	/** What a missing required field is for. */
	readonly missing?: Readonly<Record<string, string>>
}

export function object({required = {}, optional = {}, rules = [], missing = {}}: Shape): Check {
	const known: Readonly<Record<string, Check>> = {...optional, ...required}
	return (value, field) => {
		if (!isObject(value)) return anyObject(value, field)
		const at = (key: string) => (field === "" ? key : `${field}.${key}`)
		const absent = Object.keys(required).filter((key) => value[key] === undefined || value[key] === null)
		const found = [
			...absent.flatMap((key) => wrong(at(key), "is missing", missing[key] ?? `give ${key}`)),
			...Object.entries(value).flatMap(([key, one]) => fieldOf(known, {key, one, path: at(key)})),
		]
		return found.length > 0 ? found : rules.flatMap((rule) => rule(value, field))
	}
}

function fieldOf(
	known: Readonly<Record<string, Check>>,
	at: {key: string; one: unknown; path: string},
): readonly Problem[] {
	const check = Object.hasOwn(known, at.key) ? known[at.key] : undefined
	if (check === undefined) {
		return wrong(at.path, "unknown field", `remove it, or use one of ${Object.keys(known).join(", ")}`)
	}
	return at.one === undefined || at.one === null ? [] : check(at.one, at.path)
}

/** A rule across fields: a problem at a field when `when` holds. */
export function rule(
	when: (value: Fields) => boolean,
	problem: Problem,
): (value: Fields, field: string) => readonly Problem[] {
	return (value, field) => {
		if (!when(value)) return []
		const path = problem.field === "" ? field : field === "" ? problem.field : `${field}.${problem.field}`
		return [{...problem, field: path}]
	}
}
