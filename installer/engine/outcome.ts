import {isKubeError} from "../../operator/kube/errors.ts"
import {AbortError, messageOf} from "../abort.ts"
import type {ExitCode} from "../exit.ts"
import {exit} from "../exit.ts"
import {printDocument} from "../report/document.ts"
import type {installReport} from "../report/install-report.ts"
import type {Session} from "../session.ts"
import type {Flow, FlowResult, OnInstallEvent} from "./events.ts"

type Report = ReturnType<typeof installReport>

const codes: Readonly<Record<FlowResult, ExitCode>> = {
	done: exit.done,
	unchanged: exit.done,
	previewed: exit.done,
	refused: exit.refused,
	stopped: exit.stopped,
	failed: exit.bug,
}

const words: Readonly<Record<FlowResult, string>> = {
	done: "Done.",
	unchanged: "Nothing to do: all is as wanted, and nothing was written.",
	previewed: "This was a dry run: nothing was changed.",
	refused: "Nothing was changed.",
	stopped: "Stopped midway.",
	failed: "Failed.",
}

/** Prints how a flow ended; what it ends the command with. */
export async function outcome(session: Session, report: Report, result: FlowResult): Promise<ExitCode> {
	if (session.output === "text") {
		const told = report.diagnosticsText()
		if (told !== "") session.say(told)
	}
	await printDocument(session, report.document(result), () => words[result])
	return codes[result]
}

/**
 * What the cluster refuses after the first write has stopped the flow midway. @throws AbortError saying how to go
 * on; what broke it before that comes out as it is
 */
export async function resumable(
	flow: Flow,
	hear: OnInstallEvent,
	work: (onEvent: OnInstallEvent) => Promise<FlowResult>,
): Promise<FlowResult> {
	let hasWritten = false
	try {
		return await work((event) => {
			if (event.type === "resource" && event.state === "working") hasWritten = true
			hear(event)
		})
	} catch (error) {
		const own = error instanceof AbortError ? error : undefined
		if (!hasWritten || (own === undefined && !isKubeError(error))) throw error
		throw new AbortError(own?.code ?? "Stopped", `${flow} stopped midway: ${messageOf(error)}`, {
			exit: exit.stopped,
			details: own?.details ?? [],
			tryMessage: own?.tryMessage ?? "Run the same command again: it goes on where it stopped.",
			cause: error,
		})
	}
}
