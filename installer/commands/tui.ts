import type {ExitCode} from "../exit.ts"
import type {Flags} from "../flags.ts"
import type {Session} from "../session.ts"
import {endingOf} from "../session.ts"

/** The terminal UI, until the person leaves it. */
export async function tui(session: Session, flags: Flags): Promise<ExitCode> {
	// Chalk, which Ink brings, would take a terminal for a wish to see colours.
	process.env.FORCE_COLOR = "0"
	const {startTui} = await import("../tui/start.ts")
	const code = await startTui(session, flags)
	return endingOf(session.signal)?.exit ?? code
}
