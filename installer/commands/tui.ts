import type {ExitCode} from "../exit.ts"
import type {Flags} from "../flags.ts"
import type {Session} from "../session.ts"
import {endingOf} from "../session.ts"
import {leanly} from "../tui/lean-imports.ts"

/** The terminal UI, until the person leaves it. */
export async function tui(session: Session, flags: Flags): Promise<ExitCode> {
	// Both are read while Ink is imported. Its Chalk would take a terminal for a wish to see colours, and React checks
	// itself at every frame unless it is told not to.
	process.env.FORCE_COLOR = "0"
	process.env.NODE_ENV ??= "production"
	const {startTui} = await leanly(() => import("../tui/start.ts"))
	const code = await startTui(session, flags)
	return endingOf(session.signal)?.exit ?? code
}
