import {isKubeError} from "../../operator/kube/errors.ts"
import {AbortError, messageOf} from "../abort.ts"
import type {ExitCode} from "../exit.ts"
import {exit} from "../exit.ts"
import {printDocument} from "../report/document.ts"
import type {installReport} from "../report/install-report.ts"
import type {Session} from "../session.ts"
import {FlowCounter} from "./counting.ts"
import type {Flow, FlowResult, FlowStart, OnInstallEvent} from "./events.ts"

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
 * Runs a flow between its first event and its last. What the cluster refuses after the first write has stopped it
 * midway. @throws AbortError saying how to go on; what broke it before that comes out as it is
 */
export async function resumable(
	head: Omit<FlowStart, "type">,
	hear: OnInstallEvent,
	work: (onEvent: OnInstallEvent) => Promise<FlowResult>,
): Promise<FlowResult> {
	const began = performance.now()
	const counter = new FlowCounter()
	const end = (result: FlowResult, exitCode: ExitCode, message?: string) =>
		hear({
			type: "summary",
			result,
			exitCode,
			counts: counter.counts(),
			elapsedMs: Math.round(performance.now() - began),
			...(message === undefined ? {} : {message}),
		})
	hear({type: "start", ...head})
	try {
		const result = await work((event) => {
			counter.hear(event)
			hear(event)
		})
		end(result, codes[result])
		return result
	} catch (error) {
		const ending = counter.hasWritten ? midway(head.flow, error) : error
		const code = ending instanceof AbortError ? ending.exit : exit.bug
		end(resultOf(code), code, messageOf(ending))
		throw ending
	}
}

const resultOf = (code: ExitCode): FlowResult => {
	if (code === exit.bug) return "failed"
	return code === exit.refused || code === exit.usage ? "refused" : "stopped"
}

/** A bug stays a bug. */
function midway(flow: Flow, error: unknown): unknown {
	const own = error instanceof AbortError ? error : undefined
	if (own === undefined && !isKubeError(error)) return error
	return new AbortError(own?.code ?? "Stopped", `${flow} stopped midway: ${messageOf(error)}`, {
		exit: exit.stopped,
		details: own?.details ?? [],
		tryMessage: own?.tryMessage ?? "Run the same command again: it goes on where it stopped.",
		cause: error,
	})
}
