import {existsSync, globSync, readFileSync} from "node:fs"
import {basename, dirname, join} from "node:path"
import type {Command} from "commander"
import {describe, expect, test} from "vitest"
import {declareCommands} from "../../installer/commands/declare.ts"
import {rootCommand} from "../../installer/root-command.ts"
import {heddle} from "../kit/cli.ts"
import {brokenLinks, heddleCalls, pages, root, shellBlocks, unlinkedPages} from "./pages.ts"

const blocks = pages.flatMap(shellBlocks)

test("there are pages, and commands in them", () => {
	expect(pages).toContain("docs/quick-start.md")
	expect(blocks.flatMap(({lines}) => lines.flatMap(heddleCalls)).length).toBeGreaterThan(20)
})

const pictures = globSync("docs/screens/*.svg", {cwd: root}).sort()

test("every picture of a screen is on a page, and says what it is to who cannot see it", () => {
	expect(pictures.length).toBeGreaterThan(10)
	const all = pages.map((page) => readFileSync(join(root, page), "utf8")).join("\n")
	const described = (name: string) => new RegExp(`!\\[[^\\]]{15,}\\]\\([^)]*screens/${name}\\)`).test(all)
	expect(pictures.filter((path) => !described(basename(path)))).toEqual([])
})

test("no picture is large, and each has colours for dark pages too", () => {
	for (const path of pictures) {
		const text = readFileSync(join(root, path), "utf8")
		expect([path, text.length < 20_000, text.includes("prefers-color-scheme:dark")]).toEqual([
			path,
			true,
			true,
		])
	}
})

test("every page is linked from another", () => {
	expect(unlinkedPages()).toEqual([])
})

test.each(pages)("every link of %s leads somewhere", (page) => {
	expect(brokenLinks(page)).toEqual([])
})

/** The real program's own commands, of which none runs. */
async function parsed(args: readonly string[]): Promise<string> {
	const said: string[] = []
	const program = rootCommand("heddle")
	const quiet = (command: Command): void => {
		command.exitOverride().configureOutput({writeErr: (text) => void said.push(text), writeOut: () => {}})
		command.commands.forEach(quiet)
	}
	declareCommands(program, async () => {})
	quiet(program)
	const bare = "commander.help" // no command at all: the terminal UI
	return await program.parseAsync(args, {from: "user"}).then(
		() => "",
		(error: Error & {exitCode?: number; code?: string}) =>
			error.exitCode === 0 || error.code === bare ? "" : said.join("") || error.message,
	)
}

const calls = blocks.flatMap(({page, lines}) =>
	lines.flatMap((line) => heddleCalls(line).map((args) => ({page, args}))),
)

test.each(calls)("$page: heddle $args is understood", async ({args}) => {
	expect(await parsed(args.filter((arg) => arg !== "--"))).toBe("")
})

type Manifest = {readonly scripts?: object}
const scriptsAt = (folder: string): readonly string[] => {
	const path = join(root, folder, "package.json")
	return existsSync(path)
		? Object.keys((JSON.parse(readFileSync(path, "utf8")) as Manifest).scripts ?? {})
		: []
}

test("every npm script that the pages name is there, in the repository or beside the page", () => {
	const unknown = blocks.flatMap(({page, lines}) => {
		const known = [...scriptsAt("."), ...scriptsAt(dirname(page))]
		const named = lines.flatMap((line) => /\bnpm run (?:-s )?([a-z:-]+)/.exec(line)?.[1] ?? [])
		return named.filter((name) => !known.includes(name)).map((name) => `${page}: npm run ${name}`)
	})
	expect(unknown).toEqual([])
})

describe("what is marked as runnable runs without a cluster", () => {
	const runs = blocks
		.filter(({how}) => how.startsWith("run"))
		.flatMap(({page, how, lines}) =>
			lines.flatMap((line) =>
				heddleCalls(line).map((args) => ({page, args, code: Number(how.slice(3).trim() || 0)})),
			),
		)
	test.each(runs)("$page: heddle $args ends with $code", async ({args, code}) => {
		const run = await heddle(args, {cwd: root, env: {KUBECONFIG: "/nowhere"}})
		expect({code: run.code, stderr: run.stderr}).toEqual({code, stderr: ""})
	})
})
