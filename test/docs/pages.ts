import {existsSync, globSync, readFileSync} from "node:fs"
import {dirname, join, resolve} from "node:path"

export const root = resolve(import.meta.dirname, "../..")

/** Every page that people read, from the root of the repository. */
export const pages: readonly string[] = [
	...globSync(["*.md", "docs/**/*.md", "examples/**/*.md", "profiles/**/*.md"], {cwd: root}),
]
	.filter((path) => !path.includes("node_modules"))
	.sort()

const textOf = (page: string): string => readFileSync(join(root, page), "utf8")

/** Without what stands in fences or in backticks, where nothing is a link. */
const prose = (text: string): string => text.replace(/^( *)```[\s\S]*?^\1```/gm, "").replace(/`[^`\n]*`/g, "")

/** How GitHub names the anchor of a heading. */
const anchorOf = (heading: string): string =>
	heading
		.trim()
		.toLowerCase()
		.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
		.replace(/[^\p{L}\p{N}\s_-]/gu, "")
		.replace(/\s/g, "-")

const anchorsOf = (page: string): ReadonlySet<string> =>
	new Set([...textOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => anchorOf(heading)))

/** Links of a page that lead nowhere, with why. */
export function brokenLinks(page: string): readonly string[] {
	const targets = [...prose(textOf(page)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target)
	return targets.flatMap((target) => {
		if (/^[a-z]+:/.test(target)) return []
		const [path = "", anchor] = target.split("#")
		const file = path === "" ? page : join(dirname(page), path)
		if (!existsSync(join(root, file))) return [`${target}: there is no ${file}`]
		if (anchor === undefined || anchorsOf(file).has(anchor)) return []
		return [`${target}: ${file} has no heading for it`]
	})
}

/** Pages that no other page leads to: nobody finds them. */
export function unlinkedPages(): readonly string[] {
	const linked = new Set(
		pages.flatMap((page) =>
			[...textOf(page).matchAll(/\]\(([^)\s#]+)[^)]*\)/g)].map(([, target = ""]) =>
				join(dirname(page), target),
			),
		),
	)
	return pages.filter((page) => page !== "README.md" && !linked.has(page) && !linked.has(dirname(page)))
}

export type Block = {
	readonly page: string
	/** What stands behind the language: \`run\`, or \`run 3\` for an exit code. */
	readonly how: string
	readonly lines: readonly string[]
}

/** Fenced shell blocks, and what follows a prompt in consoles. */
export function shellBlocks(page: string): readonly Block[] {
	return [...textOf(page).matchAll(/^( *)```(sh|console) ?(.*)\n([\s\S]*?)^\1```/gm)].map(
		([, indent = "", language, how = "", body = ""]) => {
			const all = body.split("\n").map((line) => line.slice(indent.length).trim())
			const lines =
				language === "sh" ? all : all.flatMap((line) => (line.startsWith("$ ") ? [line.slice(2)] : []))
			return {page, how, lines: lines.filter((line) => line !== "" && !line.startsWith("#"))}
		},
	)
}

/** The arguments of each `heddle` that a line starts, also within `<(…)` and a pipe. */
export const heddleCalls = (line: string): readonly (readonly string[])[] =>
	line
		.replace(/\s#\s.*$/, "")
		.replace(/\s>\s*\S+/, "")
		.split(/\||&&|<\(|\)|;/)
		.map((part) => part.trim().replace(/^npm run -s heddle --/, "heddle"))
		.filter((part) => /^heddle(\s|$)/.test(part))
		.map((part) => part.split(/\s+/).slice(1))
