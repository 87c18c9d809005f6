import {spawn} from "node:child_process"
import {once} from "node:events"
import {resolve} from "node:path"
import {expect, test} from "vitest"
import {parse} from "yaml"
import {heddle, jsonOf} from "../../test/kit/cli.ts"

const wrong: readonly {args: string[]; says: string}[] = [
	{args: ["pln"], says: "Did you mean plan?"},
	{args: ["plan", "--outptu", "json"], says: "Did you mean --output?"},
	{args: ["plan", "--output", "xml"], says: "text, json, yaml"},
	{args: ["plan", "--timeout", "soon"], says: "such as 90s"},
	{args: ["plan", "--timeout", "0s"], says: "such as 90s"},
	{args: ["plan", "--accept", "cyclic"], says: "such as CyclicCallers"},
	{args: ["plan", "extra"], says: "too many arguments"},
	{args: ["explain"], says: "missing required argument"},
	{args: ["explain", "Not_A_Name"], says: "lower-case"},
	{args: ["sandbox"], says: "Use one of up, down, status."},
	{args: ["sandbox", "up", "--nodes", "-1"], says: "whole number"},
	{
		args: ["status", "--watch", "--output", "json", "--kubeconfig", "/nowhere"],
		says: "--watch goes on for ever",
	},
	{args: ["apply", "--kubeconfig", "/nowhere"], says: "no MeshProfile to apply"},
	{args: ["plan", "--kubeconfig", "/nowhere"], says: "/nowhere does not exist"},
]

test.each(wrong)("heddle $args ends with 2 and says what to do", async ({args, says}) => {
	const run = await heddle(args)
	expect(run.code).toBe(2)
	expect(`${run.stdout} ${run.stderr}`.replace(/\s+/g, " ")).toContain(says)
})

test("a wrong argument with --output json is one Error document on stdout", async () => {
	const run = await heddle(["plan", "--bogus", "--output=json"])
	expect(jsonOf(run)).toMatchObject({
		kind: "Error",
		apiVersion: "heddle.dev/v1alpha1",
		code: "Usage",
		exitCode: 2,
	})
	expect(run.stderr).toBe("")
})

test("help names every exit code and ends with 0, also without arguments", async () => {
	const [bare, help, json] = await Promise.all([
		heddle([]),
		heddle(["plan", "--help"]),
		heddle(["--help", "-o", "json"]),
	])
	expect([bare.code, help.code, json.code]).toEqual([0, 0, 0])
	for (const code of ["0", "1", "2", "3", "4", "5", "130"])
		expect(bare.stdout).toMatch(new RegExp(`^  ${code} `, "m"))
	expect(help.stdout).toContain("--from-files")
	expect(jsonOf(json)).toMatchObject({kind: "Help"})
})

test("the version is the same by flag and by command, in every format", async () => {
	const [flag, json, yaml] = await Promise.all([
		heddle(["--version"]),
		heddle(["version", "-o", "json"]),
		heddle(["version", "-o", "yaml"]),
	])
	const facts = jsonOf<{version: string}>(json)
	expect(facts).toMatchObject({kind: "Version", apiVersion: "heddle.dev/v1alpha1"})
	expect(parse(yaml.stdout)).toEqual(facts)
	expect(flag.stdout).toContain(`heddle ${facts.version} `)
})

test("colour is on only when it is asked for", async () => {
	const control = String.fromCharCode(27)
	const run = async (args: string[], env: Record<string, string>) =>
		(await heddle(["pln", ...args], {env})).stderr.includes(control)
	const seen = await Promise.all([
		run([], {}),
		run([], {FORCE_COLOR: "1"}),
		run(["--no-color"], {FORCE_COLOR: "1"}),
		run([], {FORCE_COLOR: "1", NO_COLOR: "1"}),
	])
	expect(seen).toEqual([false, true, false, false])
})

test("a reader that goes away ends the run without a word", async () => {
	const entry = resolve(import.meta.dirname, "../heddle.js")
	const {FORCE_COLOR, ...env} = process.env
	const child = spawn(process.execPath, [entry, "--help"], {env, stdio: ["ignore", "pipe", "pipe"]})
	child.stdout.destroy()
	let said = ""
	child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text))
	const [code] = await once(child, "close")
	expect({code, said}).toEqual({code: 0, said: ""})
})
