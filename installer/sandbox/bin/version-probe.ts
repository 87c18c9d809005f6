import {execFile} from "node:child_process"
import {access, constants} from "node:fs/promises"
import {delimiter, join} from "node:path"
import {satisfies} from "semver"
import type {Binary} from "./catalogue.ts"

/** The first x.y.z in what a program says about itself. */
export function versionIn(output: string): string | undefined {
	return /\bv?(\d+\.\d+\.\d+)\b/.exec(output)?.[1]
}

export async function isExecutable(path: string): Promise<boolean> {
	return access(path, constants.X_OK).then(
		() => true,
		() => false,
	)
}

export async function onPath(name: string, path = process.env.PATH ?? ""): Promise<string | undefined> {
	for (const folder of path.split(delimiter).filter(Boolean)) {
		const candidate = join(folder, name)
		if (await isExecutable(candidate)) return candidate
	}
	return undefined
}

export function probe(path: string, args: readonly string[]): Promise<string | undefined> {
	return new Promise((resolve) => {
		execFile(path, args, {timeout: 5000}, (_error, stdout, stderr) =>
			resolve(versionIn(`${stdout}\n${stderr}`)),
		)
	})
}

export function accepts(binary: Binary, version: string | undefined): boolean {
	return version !== undefined && satisfies(version, binary.accept)
}
