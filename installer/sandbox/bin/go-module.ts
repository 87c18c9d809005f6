import {SandboxError} from "../errors.ts"
import type {Group} from "./catalogue.ts"
import {go} from "./go-build.ts"
import {manifestFolder} from "./manifest.ts"

/** The folder of a module's files, at the version that the manifest of `group` pins. Fetched when it is not there. */
export async function moduleFolder(
	group: Group | "gateway-api",
	module: string,
	signal?: AbortSignal,
): Promise<string> {
	const {code, output} = await go(["mod", "download", "-json", module], manifestFolder(group), signal)
	const folder = /"Dir": "(.*)"/.exec(output)?.[1]
	if (code === 0 && folder) return folder
	throw new SandboxError(
		`cannot fetch the module ${module}:\n    ${output.trim()}`,
		"Is the Go module proxy reachable (`go env GOPROXY`)?",
	)
}
