import {join} from "node:path"
import {SandboxError} from "../errors.ts"
import {isExecutable, onPath} from "./version-probe.ts"

type Env = NodeJS.ProcessEnv

export const explicitVariable = (name: string): string =>
	`HEDDLE_BIN_${name.toUpperCase().replaceAll("-", "_")}`

/**
 * The program that a person named: by a variable of its own, or in the folder of HEDDLE_BIN_DIR.
 * @throws SandboxError for a variable that names no program.
 */
export async function explicitPath(name: string, env: Env): Promise<string | undefined> {
	const variable = explicitVariable(name)
	const named = env[variable]
	if (named) {
		if (await isExecutable(named)) return named
		throw new SandboxError(
			`${variable} is ${named}, which is no executable file`,
			"Correct the path, or unset the variable.",
		)
	}
	// A folder may hold some of the programs only: what it lacks comes from further down the chain.
	const candidate = env.HEDDLE_BIN_DIR && join(env.HEDDLE_BIN_DIR, name)
	return candidate && (await isExecutable(candidate)) ? candidate : undefined
}

/** A program that is neither fetched nor built here: named, or installed. */
export const findProgram = async (name: string, env: Env = process.env): Promise<string | undefined> =>
	(await explicitPath(name, env)) ?? (await onPath(name, env.PATH))
