import type {Reason} from "../reason.ts"
import {reason} from "../reasons.ts"
import type {KubeObject, StringMap} from "../snapshot/object.ts"
import {refOf} from "../snapshot/object.ts"

/**
 * One place in an object that nobody validated. Reading never throws: a value of another shape than asked for
 * reads as absent, and is noted once as a fault of the object.
 */
export class Field {
	readonly path: string
	readonly #value: unknown
	readonly #faults: string[]

	constructor(path: string, value: unknown, faults: string[]) {
		this.path = path
		this.#value = value ?? undefined
		this.#faults = faults
	}

	get present(): boolean {
		return this.#value !== undefined
	}

	get isText(): boolean {
		return typeof this.#value === "string"
	}

	/** The same text for the same content, whatever the order of an object's members. */
	canonical(): string {
		return JSON.stringify(sorted(this.#value)) ?? ""
	}

	/** A member of an object. */
	at(key: string): Field {
		const record = this.#record()
		// `Object.hasOwn` keeps a key such as `constructor` from reading what the runtime put there.
		return this.#child(
			`.${key}`,
			record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined,
		)
	}

	/** The members of an object, by name. */
	entries(): readonly (readonly [string, Field])[] {
		return Object.entries(this.#record() ?? {}).map(([key, value]) => [key, this.#child(`.${key}`, value)])
	}

	/** True when any of these members is there, and is not an empty list. */
	hasAny(keys: readonly string[]): boolean {
		return this.present && keys.some((key) => this.at(key).#filled())
	}

	/** The same for lists of strings, whose items are read as well. */
	listsAny(keys: readonly string[]): boolean {
		for (const key of keys) this.at(key).texts()
		return this.hasAny(keys)
	}

	#filled(): boolean {
		return this.present && !(Array.isArray(this.#value) && this.#value.length === 0)
	}

	items(): readonly Field[] {
		if (!this.present) return []
		if (!Array.isArray(this.#value)) return this.#fault("a list", [])
		return this.#value.map((value, index) => this.#child(`[${index}]`, value))
	}

	text(): string | undefined {
		if (this.#value === undefined || typeof this.#value === "string") return this.#value
		return this.#fault("a string", undefined)
	}

	texts(): readonly string[] {
		return this.items().flatMap((item) => item.text() ?? [])
	}

	/** An integer, given as a number or, as protobuf's JSON allows, as a string of digits. */
	integer(): number | undefined {
		if (this.#value === undefined) return undefined
		const number =
			typeof this.#value === "string" && /^\d+$/.test(this.#value) ? Number(this.#value) : this.#value
		return Number.isInteger(number) ? (number as number) : this.#fault("an integer", undefined)
	}

	flag(): boolean | undefined {
		if (this.#value === undefined || typeof this.#value === "boolean") return this.#value
		return this.#fault("true or false", undefined)
	}

	/** One of these words; anything else is a fault, since its meaning is not known. */
	word<T extends string>(words: readonly T[]): T | undefined {
		const text = this.text()
		const known = words.find((word) => word === text)
		return text === undefined || known !== undefined
			? known
			: this.#fault(`one of ${words.join(", ")}`, undefined)
	}

	stringMap(): StringMap {
		return Object.fromEntries(
			this.entries().flatMap(([key, value]) => {
				const text = value.text()
				return text === undefined ? [] : [[key, text]]
			}),
		)
	}

	#record(): Readonly<Record<string, unknown>> | undefined {
		if (this.#value === undefined) return undefined
		if (typeof this.#value !== "object" || Array.isArray(this.#value))
			return this.#fault("an object", undefined)
		return this.#value as Record<string, unknown>
	}

	#child(step: string, value: unknown): Field {
		return new Field(this.path + step, value, this.#faults)
	}

	#fault<T>(expected: string, instead: T): T {
		const fault = `${this.path} must be ${expected}`
		if (!this.#faults.includes(fault)) this.#faults.push(fault)
		return instead
	}
}

function sorted(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(sorted)
	if (typeof value !== "object" || value === null) return value
	return Object.fromEntries(
		Object.entries(value)
			.sort(([a], [b]) => (a < b ? -1 : 1))
			.map(([key, one]) => [key, sorted(one)]),
	)
}

export type Reading<T> = {readonly value: T; readonly faults: readonly string[]}

/** Reads the spec of an object and notes what could not be read. */
export function readSpec<T>(object: KubeObject, read: (spec: Field) => T): Reading<T> {
	const faults: string[] = []
	const value = read(new Field("spec", (object as {readonly spec?: unknown}).spec, faults))
	return {value, faults}
}

/** Why an object with faults refuses a plan: what it allows or denies is not known. */
export function unreadable(object: KubeObject, faults: readonly string[]): Reason {
	return reason("UnreadablePolicy", {
		object: refOf(object),
		message: `${refOf(object)} cannot be read: ${faults.join("; ")}.`,
	})
}
