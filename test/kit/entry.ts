import {resolve} from "node:path"

/** The entry of the program, as `npm run heddle` starts it. */
export const entry = resolve(import.meta.dirname, "../../installer/heddle.js")

/** The runner forces colours on its own output; a child without a terminal has to decide for itself. */
export function withoutColour({FORCE_COLOR, ...env}: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
	return env
}
