import type {Session} from "../session.ts"

/** A terminal on both sides that can draw, and a person who may be asked. */
export function canDraw({asks, output}: Session, env: NodeJS.ProcessEnv = process.env): boolean {
	return asks && output === "text" && process.stdout.isTTY === true && env.TERM !== "dumb"
}
