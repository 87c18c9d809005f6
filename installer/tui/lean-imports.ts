import {existsSync} from "node:fs"
import {registerHooks} from "node:module"
import {fileURLToPath} from "node:url"

const whole = "es-toolkit/compat"
const part = "function/throttle.mjs"

/**
 * Ink takes one function out of a collection of four hundred files; reading them all costs a third of the time to the
 * first frame. While `work` imports, that one file stands for the collection. Where it is not to be found, as after
 * an update that moved it, nothing is changed and the import is merely slow.
 */
export async function leanly<T>(work: () => Promise<T>): Promise<T> {
	const hooks = registerHooks({
		resolve(specifier, context, next) {
			const found = next(specifier, context)
			if (specifier !== whole || context.parentURL?.includes("/node_modules/ink/") !== true) return found
			const url = new URL(part, found.url).href
			return existsSync(fileURLToPath(url)) ? {...found, url} : found
		},
	})
	try {
		return await work()
	} finally {
		hooks.deregister()
	}
}
