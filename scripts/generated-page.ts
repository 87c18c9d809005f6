import {readFileSync, writeFileSync} from "node:fs"
import {join} from "node:path"
import {root} from "./source-files.ts"

/** Writes a page of the docs that is made from code; with --check it only says whether the page is up to date. */
export function generatedPage(path: string, text: string): void {
	const target = join(root, path)
	if (!process.argv.includes("--check")) writeFileSync(target, text)
	else if (current(target) !== text) {
		console.error(`${path} does not say what the code says`)
		process.exitCode = 1
	}
}

function current(target: string): string {
	try {
		return readFileSync(target, "utf8")
	} catch {
		return ""
	}
}
