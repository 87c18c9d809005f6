import {execFileSync, spawnSync} from "node:child_process"
import {mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from "node:fs"
import {tmpdir} from "node:os"
import {delimiter, dirname, join} from "node:path"
import {afterAll, beforeAll, describe, expect, test} from "vitest"
import {heddle} from "../../test/kit/cli.ts"
import {entry, withoutColour} from "../../test/kit/entry.ts"
import {missing, offered, type Ready, type Shell, typed} from "./testing/shell.ts"

const folder = mkdtempSync(join(tmpdir(), "heddle-shells-"))
const shells: readonly Shell[] = ["bash", "zsh", "fish"]
let ready: Ready

const kubeconfig = `apiVersion: v1
kind: Config
clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
users: [{name: u, user: {}}]
contexts:
  - {name: first, context: {cluster: c, user: u}}
  - {name: second-one, context: {cluster: c, user: u}}
current-context: first
`

beforeAll(() => {
	mkdirSync(join(folder, "bin"))
	for (const name of ["heddle", "kubectl-heddle"]) symlinkSync(entry, join(folder, "bin", name))
	writeFileSync(join(folder, "profile.yaml"), "")
	writeFileSync(join(folder, "config"), kubeconfig)
	for (const shell of shells)
		writeFileSync(
			join(folder, `heddle.${shell}`),
			execFileSync(process.execPath, [entry, "completion", shell]),
		)
	const PATH = [join(folder, "bin"), dirname(process.execPath), process.env.PATH].join(delimiter)
	const env = withoutColour({...process.env, PATH, KUBECONFIG: join(folder, "config"), HOME: folder})
	ready = {folder, env: Object.fromEntries(Object.entries(env).map(([key, value]) => [key, value ?? ""]))}
})
afterAll(() => rmSync(folder, {recursive: true, force: true}))

const cases: readonly (readonly [what: string, line: string, becomes: string])[] = [
	["a command", "heddle pla", "heddle plan"],
	["a command behind a flag with a value", "heddle -o json capab", "heddle -o json capabilities"],
	["a command of a group", "heddle sandbox dow", "heddle sandbox down"],
	["a flag", "heddle plan --from-f", "heddle plan --from-files"],
	["a choice", "heddle sandbox up --size no", "heddle sandbox up --size node"],
	["a choice behind =", "heddle plan --output=ya", "heddle plan --output=yaml"],
	["a file", "heddle plan -f prof", "heddle plan -f profile.yaml"],
	["one file more", "heddle plan -f a.yaml prof", "heddle plan -f a.yaml profile.yaml"],
	["a context", "heddle plan --context sec", "heddle plan --context second-one"],
	["a component", "heddle install kme", "heddle install kmesh"],
	["the code of a risk", "heddle migrate --accept CallC", "heddle migrate --accept CallCycle"],
]

for (const shell of ["bash", "zsh"] as const) {
	const reason = missing(shell)
	describe(`${shell}, on a terminal`, () => {
		test.for(cases)("completes %s", async ([, line, becomes], {skip}) => {
			if (reason !== undefined) skip(reason)
			expect((await typed(shell, line, ready)).trimEnd()).toBe(becomes)
		})
	})
}

describe("fish", () => {
	const reason = missing("fish")
	test.for(cases)("offers %s", ([, line, becomes], {skip}) => {
		if (reason !== undefined) skip(reason)
		expect(offered(line, ready)).toContain(becomes.split(" ").at(-1))
	})
})

test("what cannot be asked is silence: no cluster, no word, no error", async () => {
	const run = await heddle(["__complete", "namespaces", "--kubeconfig", join(folder, "config")])
	expect(run).toEqual({code: 0, stdout: "", stderr: ""})
})

test("the manual page names every command, its flags and the exit codes", async () => {
	const page = (await heddle(["man"])).stdout
	for (const part of ["plan", "sandbox up", "completion <shell>"])
		expect(page).toContain(`.SS "heddle ${part}`)
	for (const part of ["\\fB130\\fR", "\\-\\-from\\-files", "HEDDLE_CHART_DIR"]) expect(page).toContain(part)
})

test("groff has nothing to say against the manual page", async ({skip}) => {
	const {stdout} = await heddle(["man"])
	const run = spawnSync("groff", ["-man", "-Tutf8", "-ww"], {input: stdout, encoding: "utf8"})
	if (run.error !== undefined) skip("no groff on PATH")
	expect(run.stderr).toBe("")
	expect(run.stdout).toContain("interrupted")
})

test("as kubectl's plugin it is the same program, whose usage says so", ({skip}) => {
	const plugin = spawnSync("kubectl-heddle", ["plan", "--help"], {env: ready.env, encoding: "utf8"})
	expect(plugin.stdout).toContain("Usage: kubectl heddle plan")
	const kubectl = spawnSync("kubectl", ["heddle", "plan", "--help"], {env: ready.env, encoding: "utf8"})
	if (kubectl.error !== undefined) skip("no kubectl on PATH")
	expect(kubectl.stdout).toBe(plugin.stdout)
})
