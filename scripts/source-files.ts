import {globSync} from "node:fs"
import {resolve} from "node:path"

export const root = resolve(import.meta.dirname, "..")

/** TypeScript and JavaScript that people wrote, as paths from the root. */
export function sourceFiles(folders = "{crds,profiles,operator,installer,test,examples,scripts}"): string[] {
	return globSync(`${folders}/**/*.{ts,tsx,js,mjs}`, {cwd: root})
		.filter((path) => !/(^|\/)(node_modules|dist)\/|(^|\/)generated\.ts$/.test(path))
		.sort()
}
