import {mkdtemp, rm} from "node:fs/promises"
import {tmpdir} from "node:os"
import {join} from "node:path"
import {go} from "../../sandbox/bin/go-build.ts"
import {messageOf} from "../../sandbox/errors.ts"
import {SourceError} from "./source-error.ts"

/** A module of Go that carries manifests beside its code, and the checksum by which it is known. */
export type GoModule = {readonly path: string; readonly version: string; readonly sum: string}

/** Fetches the module, or finds it had; returns its folder. @throws SourceError */
export async function moduleFolder({path, version, sum}: GoModule): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), "heddle-module-"))
	try {
		const {code, output} = await go(["mod", "download", "-json", `${path}@${version}`], folder)
		const told = (field: string) => new RegExp(`"${field}": "(.*)"`).exec(output)?.[1]
		const found = told("Dir")
		if (code !== 0 || found === undefined) throw new Error(told("Error") ?? output.trim().slice(-300))
		if (told("Sum") !== sum)
			throw new Error(`its checksum is ${told("Sum")}, and ${sum} is the one that Heddle knows`)
		return found
	} catch (error) {
		throw new SourceError(
			`the Go module ${path}@${version} cannot be had: ${messageOf(error).split("\n")[0]}`,
			"Install Go, and check that its module proxy is reachable (`go env GOPROXY`).",
			{cause: error},
		)
	} finally {
		await rm(folder, {recursive: true, force: true})
	}
}
