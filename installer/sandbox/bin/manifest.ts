import {createHash} from "node:crypto"
import {readFileSync} from "node:fs"
import {join} from "node:path"
import type {Binary, Group} from "./catalogue.ts"

const files = ["go.mod", "go.sum", "tools.go"]

export const manifestFolder = (group: Group | "gateway-api"): string =>
	join(import.meta.dirname, "..", "go", group)

export function manifestFiles(group: Group | "gateway-api"): {name: string; text: string}[] {
	return files.map((name) => ({name, text: readFileSync(join(manifestFolder(group), name), "utf8")}))
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
