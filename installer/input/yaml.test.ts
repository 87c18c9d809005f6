import fc from "fast-check"
import {describe, expect, test} from "vitest"
import {parseAllDocuments, stringify} from "yaml"
import {chunksOf} from "./chunks.ts"
import {parseYaml} from "./yaml.ts"

const values = (text: string) => parseYaml(text, "f.yaml").map(({value}) => value)

test.each([
	["a boolean as kubectl reads it", "a: yes\nb: off", {a: true, b: false}],
	["a time stays a string", "a: 2024-01-01T00:00:00Z", {a: "2024-01-01T00:00:00Z"}],
	["a date stays a string", "a: 2024-01-01", {a: "2024-01-01"}],
	["a pair of ports stays a string", "a: 22:22", {a: "22:22"}],
	["an octal mode", "a: 0644", {a: 420}],
	["a merge", "x: &x {b: 1}\na: {<<: *x, c: 2}", {x: {b: 1}, a: {b: 1, c: 2}}],
	["quotes keep strings", "a: \"yes\"\nb: '1'", {a: "yes", b: "1"}],
])("%s", (_name, text, value) => {
	expect(values(text)).toEqual([value])
})

test("a key named __proto__ is a key and nothing else", () => {
	const [value] = values("metadata:\n  __proto__: {polluted: true}\n  name: a\n") as [{metadata: object}]
	expect(Object.hasOwn(value.metadata, "__proto__")).toBe(true)
	expect(({} as {polluted?: boolean}).polluted).toBeUndefined()
})

test("empty documents and comments are nothing", () => {
	expect(values("---\n---\n# only a comment\n---\na: 1\n...\n")).toEqual([{a: 1}])
})

test("every object knows its line, in documents and in the items of a list", () => {
	const text =
		"# head\na: 1\n---\n\nb: 2\n---\napiVersion: v1\nitems:\n- c: 3\n- d: 4\n  e: 5\n- f: 6\nkind: List\n"
	expect(parseYaml(text, "f").map(({line, value}) => [line, value])).toEqual([
		[2, {a: 1}],
		[5, {b: 2}],
		[7, {apiVersion: "v1", items: [], kind: "List"}],
		[9, {c: 3}],
		[10, {d: 4, e: 5}],
		[12, {f: 6}],
	])
})

const scalar = fc.oneof(
	fc.string(),
	fc.integer(),
	fc.boolean(),
	fc.constant(null),
	fc.constant("a: b\n- c\n---\nd"),
	fc.constant("items:\n- a"),
)
const object = fc.dictionary(
	fc.string({minLength: 1, maxLength: 8}),
	fc.oneof(
		scalar,
		fc.array(scalar, {maxLength: 3}),
		fc.dictionary(fc.string({minLength: 1}), scalar, {maxKeys: 3}),
	),
	{minKeys: 1, maxKeys: 5},
)

describe("taking a list apart changes nothing of what it says", () => {
	test("for any items, however they are indented", () => {
		fc.assert(
			fc.property(fc.array(object, {minLength: 1, maxLength: 6}), fc.boolean(), (items, indentSeq) => {
				const text = stringify(
					{apiVersion: "v1", items, kind: "List"},
					{indentSeq, version: "1.1", aliasDuplicateObjects: false},
				)
				const whole = parseAllDocuments(text, {version: "1.1"}).map((document) => document.toJS()) as {
					items: unknown[]
				}[]
				const parts = values(text) as {items?: unknown[]; kind?: string}[]
				const taken = parts.length === 1 ? parts[0]?.items : parts.slice(1)
				expect(taken).toEqual(whole[0]?.items)
			}),
			{numRuns: 200},
		)
	})

	test("a list of kubectl's is parsed in parts, one with anchors is not", () => {
		const list = (item: string) => `apiVersion: v1\nitems:\n${item.repeat(3)}kind: List\n`
		expect(chunksOf(list("- a: 1\n")).length).toBe(2)
		expect(chunksOf(list("- a: &x 1\n")).length).toBe(1)
	})
})
