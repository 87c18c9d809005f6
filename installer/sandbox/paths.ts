import {homedir} from "node:os"
import {isAbsolute, join} from "node:path"
import {SandboxError} from "./errors.ts"

type Env = Record<string, string | undefined>

/** XDG says: a relative path in these variables is invalid and must be ignored. */
function xdg(env: Env, variable: string, fallback: string): string {
	const value = env[variable]
	return value && isAbsolute(value) ? value : join(homedir(), fallback)
}

export function cacheRoot(env: Env = process.env): string {
	return join(xdg(env, "XDG_CACHE_HOME", ".cache"), "heddle")
}

export function sandboxRoot(env: Env = process.env): string {
	const root = env.HEDDLE_STATE_DIR || join(xdg(env, "XDG_STATE_HOME", ".local/state"), "heddle")
	return join(root, "sandbox")
}

/** The name becomes a folder and part of a kubeconfig context, so it is kept to what both can hold. */
export function sandboxFolder(name: string, env: Env = process.env): string {
	if (!/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/.test(name)) {
		throw new SandboxError(
			`"${name}" is not a sandbox name`,
			"Use 1 to 40 lower-case letters, digits and dashes, e.g. `default` or `bench-1`.",
		)
	}
	return join(sandboxRoot(env), name)
}

/** Beside the sandboxes, not inside: `down` removes the folder of the sandbox while it holds this lock. */
export function lockOf(name: string, env: Env = process.env): string {
	return join(sandboxRoot(env), ".locks", name)
}
