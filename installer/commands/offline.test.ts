import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from "node:fs"
import {tmpdir} from "node:os"
import {dirname, join} from "node:path"
import {afterAll, beforeAll, describe, expect, test} from "vitest"
import {parse} from "yaml"
import type {Plan} from "../../operator/plan/types.ts"
import {heddle, jsonOf} from "../../test/kit/cli.ts"
import {smallCluster, toAmbient} from "../testing/small-cluster.ts"

type ErrorDocument = {
	kind: string
	apiVersion: string
	code: string
	message: string
	details: string[]
	fix?: string
}

const folder = mkdtempSync(join(tmpdir(), "heddle-offline-"))
const at = (name: string) => join(folder, name)
const listOf = (items: readonly object[]) => JSON.stringify({apiVersion: "v1", kind: "List", items})

function write(name: string, text: string): string {
	mkdirSync(dirname(at(name)), {recursive: true})
	writeFileSync(at(name), text)
	return at(name)
}

beforeAll(() => {
	write("all.json", listOf([...smallCluster, toAmbient]))
	write("objects.json", listOf(smallCluster))
	write("profile.json", JSON.stringify(toAmbient))
})
afterAll(() => rmSync(folder, {recursive: true, force: true}))

test("the same objects plan the same, whichever way they are given", async () => {
	const [first, ...documents] = [...smallCluster, toAmbient].map((object) => JSON.stringify(object))
	write("many/sub/a.yaml", `${first}\n---\n${documents.slice(0, 9).join("\n---\n")}\n`)
	write("many/b.json", listOf(smallCluster.slice(5)))
	write("many/c.yml", JSON.stringify(toAmbient))
	write("many/README.md", "not an object")
	const runs = await Promise.all([
		heddle(["plan", "-o", "json", "--from-files", at("all.json")]),
		heddle(["plan", "-o", "json", "--from-files", at("objects.json"), "--profile", at("profile.json")]),
		heddle(["plan", "-o", "json", "--from-files", at("objects.json"), "--from-files", at("profile.json")]),
		heddle(["plan", "-o", "json", "--from-files", at("many")]),
		heddle(["plan", "-o", "json", "--from-files", "-"], {input: listOf([...smallCluster, toAmbient])}),
	])
	for (const run of runs) {
		expect(run.stderr).toBe("")
		expect(run.stdout).toBe(runs[0]?.stdout)
		expect(run.code).toBe(3)
	}
})

test("each selected namespace stands once in the plan, the others only with --all-namespaces", async () => {
	const [selected, all] = await Promise.all([
		heddle(["plan", "-o", "json", "-f", at("all.json")]),
		heddle(["plan", "-o", "json", "-f", at("all.json"), "--all-namespaces"]),
	])
	const names = (plan: Plan) => plan.namespaces.map(({namespace}) => namespace)
	expect(names(jsonOf<Plan>(selected))).toEqual(["done", "legacy", "ready", "risky"])
	expect(names(jsonOf<Plan>(all))).toEqual(["aside", "done", "istio-system", "legacy", "ready", "risky"])
})

test.each([
	["ready", 0, "Ready"],
	["done", 0, "UpToDate"],
	["legacy", 3, "Blocked"],
] as const)("explain %s ends with %i", async (namespace, code, verdict) => {
	const [text, json, yaml] = await Promise.all([
		heddle(["explain", namespace, "-f", at("all.json")]),
		heddle(["explain", namespace, "-f", at("all.json"), "-o", "json"]),
		heddle(["explain", namespace, "-f", at("all.json"), "-o", "yaml"]),
	])
	expect([text.code, json.code, yaml.code]).toEqual([code, code, code])
	const plan = jsonOf<Plan>(json)
	expect(plan.kind).toBe("Plan")
	expect(plan.namespaces.map((one) => [one.namespace, one.verdict])).toEqual([[namespace, verdict]])
	expect(parse(yaml.stdout)).toEqual(plan)
	expect(text.stdout).toContain(`${namespace} · `)
})

const fine = "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n"
const profile = (spec: string) =>
	`apiVersion: heddle.dev/v1alpha1\nkind: MeshProfile\nmetadata: {name: p}\nspec: ${spec}\n`

const badInput: readonly {
	name: string
	files: Record<string, string>
	args?: string[]
	says: readonly string[]
}[] = [
	{
		name: "malformed YAML",
		files: {"x/a.yaml": `${fine}---\nkind: [unclosed\n`},
		says: ["a.yaml:6:1", "malformed YAML"],
	},
	{name: "a tab in YAML", files: {"x/a.yaml": "kind:\n\t- a\n"}, says: ["a.yaml:2:1"]},
	{
		name: "malformed JSON",
		files: {"x/a.json": '{\n  "kind": "Pod",,\n}'},
		says: ["a.json:2:17", "malformed JSON"],
	},
	{name: "truncated JSON", files: {"x/a.json": '{\n  "kind": "Pod"'}, says: ["a.json:2:", "malformed JSON"]},
	{name: "a doubled key", files: {"x/a.yaml": "kind: Pod\nkind: Pod\n"}, says: ["a.yaml:2:1", "unique"]},
	{name: "a bomb of aliases", files: {"x/a.yaml": bomb()}, says: ["a.yaml:1", "alias"]},
	{name: "an empty folder", files: {"x/notes.txt": ""}, says: ["holds no .yaml"]},
	{name: "a missing path", files: {}, says: ["does not exist"]},
	{
		name: "no kind",
		files: {"x/a.yaml": `${fine}---\napiVersion: v1\nmetadata: {name: b}\n`},
		says: ["a.yaml:5", "has no kind"],
	},
	{
		name: "no apiVersion",
		files: {"x/a.yaml": "kind: Pod\nmetadata: {name: b}\n"},
		says: ["a.yaml:1", "has no apiVersion"],
	},
	{
		name: "an item of a list that is none",
		files: {
			"x/a.yaml":
				"apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  metadata: {name: a}\n- hello\n",
		},
		says: ["a.yaml:7", "not a Kubernetes object"],
	},
	{
		name: "an item of a JSON list that is none",
		files: {"x/a.json": listOf([{apiVersion: "v1", kind: "Pod"}])},
		says: ["a.json items[0]", "no metadata.name"],
	},
	{name: "a scalar document", files: {"x/a.yaml": "hello\n"}, says: ["a.yaml:1", "not a Kubernetes object"]},
	{
		name: "a label that is no string",
		files: {"x/a.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: {name: a, labels: {mesh: on}}\n"},
		says: ["a.yaml:1", '"mesh" is not a string', "quotes"],
	},
	{
		name: "duplicates that differ",
		files: {"x/a.yaml": fine, "x/b.yaml": fine.replace("{name: a}", "{name: a, labels: {x: b}}")},
		says: ["Namespace/a", "a.yaml:1", "b.yaml:1", "differ"],
	},
	{
		name: "an unknown mode",
		files: {"x/a.yaml": profile("{namespaceSelector: {matchLabels: {a: b}}, dataplane: {mode: Sidecarful}}")},
		says: ["spec.dataplane.mode", "Sidecarless"],
	},
	{
		name: "an unknown provider",
		files: {
			"x/a.yaml": profile(
				"{namespaceSelector: {matchLabels: {a: b}}, dataplane: {mode: Sidecar, provider: envoy}}",
			),
		},
		says: ["spec.dataplane.provider"],
	},
	{
		name: "an invalid revision",
		files: {
			"x/a.yaml": profile(
				"{namespaceSelector: {matchLabels: {a: b}}, dataplane: {mode: Sidecar, revision: A_B}}",
			),
		},
		says: ["spec.dataplane.revision"],
	},
	{
		name: "mode Wasm without extensions",
		files: {"x/a.yaml": profile("{namespaceSelector: {matchLabels: {a: b}}, dataplane: {mode: Wasm}}")},
		says: ["spec.extensions"],
	},
	{
		name: "an extension without sha256",
		files: {
			"x/a.yaml": profile(
				"{namespaceSelector: {matchLabels: {a: b}}, dataplane: {mode: Wasm}, extensions: [{name: a, url: 'oci://x/a:1'}]}",
			),
		},
		says: ["spec.extensions[0].sha256"],
	},
	{
		name: "an empty selector",
		files: {"x/a.yaml": profile("{namespaceSelector: {}, dataplane: {mode: Auto}}")},
		says: ["spec.namespaceSelector", "empty selector"],
	},
	{
		name: "an invalid selector",
		files: {
			"x/a.yaml": profile(
				"{namespaceSelector: {matchExpressions: [{key: a, operator: Is}]}, dataplane: {mode: Auto}}",
			),
		},
		says: ["operator"],
	},
	{
		name: "an unknown field of a profile",
		files: {
			"x/a.yaml": profile("{namespaceSelector: {matchLabels: {a: b}}, dataplane: {mode: Auto}, helm: {}}"),
		},
		says: ["spec.helm"],
	},
	{
		name: "something else than a profile in --profile",
		files: {"x/a.yaml": fine},
		args: ["--profile"],
		says: ["--profile takes MeshProfiles", "Namespace/a"],
	},
	{
		name: "a namespace that is not there",
		files: {"x/a.yaml": fine},
		says: ["there is no namespace shop", "There are a."],
		args: ["explain"],
	},
]

function bomb(): string {
	const levels = ["a: &a [x, x, x, x, x, x, x, x, x]"]
	for (const [from, to] of ["ab", "bc", "cd", "de", "ef", "fg", "gh"].map((pair) => [...pair])) {
		levels.push(`${to}: &${to} [${Array(9).fill(`*${from}`).join(", ")}]`)
	}
	return `${levels.join("\n")}\n`
}

describe("bad input ends with 2, says where, and prints one JSON document", () => {
	test.each(badInput)("$name", async ({name, files, args = [], says}) => {
		const own = name.replaceAll(/\W/g, "-")
		for (const [file, text] of Object.entries(files)) write(`${own}/${file}`, text)
		const path = at(`${own}/x`)
		const flags =
			args[0] === "--profile"
				? ["plan", "--profile", path, "-f", at("objects.json")]
				: args[0] === "explain"
					? ["explain", "shop", "-f", path]
					: ["plan", "-f", path]
		const run = await heddle([...flags, "--output", "json"])
		const error = jsonOf<ErrorDocument>(run)
		expect([run.code, error.kind, error.apiVersion]).toEqual([2, "Error", "heddle.dev/v1alpha1"])
		const whole = [error.message, ...error.details, error.fix].join("\n")
		for (const part of says) expect(whole).toContain(part)
	})
})
