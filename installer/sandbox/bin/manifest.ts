import {createHash} from "node:crypto"
import {readdirSync, readFileSync} from "node:fs"
import {join} from "node:path"
import type {Binary, Group} from "./catalogue.ts"

export const manifestFolder = (group: Group | "gateway-api"): string =>
	join(import.meta.dirname, "..", "go", group)

export function manifestFiles(group: Group | "gateway-api"): {name: string; text: string}[] {
	const folder = manifestFolder(group)
	const names = readdirSync(folder).sort()
	return names.map((name) => ({name, text: readFileSync(join(folder, name), "utf8")}))
}

/** Changes when anything changes that a build depends on, so that a cached build is never of another manifest. */
export function manifestHash(binary: Binary): string {
	const hash = createHash("sha256")
	for (const {name, text} of manifestFiles(binary.group)) hash.update(`${name}\0${text}\0`)
	return hash
		.update([binary.package, ...binary.linkerFlags].join("\0"))
		.digest("hex")
		.slice(0, 12)
}
