import {AbortError} from "../abort.ts"
import type {ExitCode} from "../exit.ts"
import {exit} from "../exit.ts"
import type {Flags} from "../flags.ts"
import {printDocument} from "../report/document.ts"
import {table} from "../report/layout.ts"
import {progressOn} from "../report/progress.ts"
import {down as bringDown, up as bringUp, SandboxError, status} from "../sandbox/index.ts"
import type {Session} from "../session.ts"

const apiVersion = "heddle.dev/v1alpha1"

export async function up(
	session: Session,
	{name = "default", size = "kwok", nodes, mesh, operator = false}: Flags,
): Promise<ExitCode> {
	const box = await helped(session, () =>
		bringUp({
			name,
			size,
			...(nodes !== undefined && {nodes}),
			mesh: mesh === "none" ? "none" : "istio",
			operator,
			signal: session.signal,
			onEvent: progressOn(session),
		}),
	)
	await printDocument(session, {apiVersion, kind: "Sandbox", state: "running", ...box}, () =>
		[
			`Sandbox ${box.name} runs at ${box.server}`,
			`  export KUBECONFIG=${box.kubeconfig}`,
			...(box.prometheus === undefined ? [] : [`  Prometheus: ${box.prometheus}`]),
			"  heddle plan --all-namespaces",
			...(operator ? [] : ["  heddle operator --install-crds"]),
			`  heddle sandbox down${name === "default" ? "" : ` --name ${name}`}`,
		].join("\n"),
	)
	return exit.done
}

export async function down(session: Session, {name = "default"}: Flags): Promise<ExitCode> {
	const existed = await helped(session, () =>
		bringDown(name, {signal: session.signal, onEvent: progressOn(session)}),
	)
	await printDocument(session, {apiVersion, kind: "Sandbox", name, state: "absent", existed}, () =>
		existed ? `Sandbox ${name} is gone.` : `There was no sandbox ${name}.`,
	)
	return exit.done
}

/** 3 when it does not run as a whole, so that a script can ask. */
export async function sandboxStatus(session: Session, {name = "default"}: Flags): Promise<ExitCode> {
	const found = await helped(session, async () => status(name))
	await printDocument(session, {apiVersion, kind: "Sandbox", ...found}, () => {
		const rows = (found.processes ?? []).map((one) => [
			{text: one.running ? "✓" : "✕", tone: one.running ? "ok" : "bad"} as const,
			one.name,
			one.running ? `pid ${one.pid}` : `not running; see ${one.log}`,
		])
		return [
			`Sandbox ${name}: ${found.state}`,
			...table(rows, session.page, {indent: 2}),
			...(found.kubeconfig === undefined ? [] : [`  export KUBECONFIG=${found.kubeconfig}`]),
		].join("\n")
	})
	return found.state === "running" ? exit.done : exit.refused
}

async function helped<T>(session: Session, work: () => Promise<T>): Promise<T> {
	try {
		return await work()
	} catch (error) {
		if (session.signal.aborted || !(error instanceof SandboxError)) throw error
		const [message = error.message, ...details] = error.message.split("\n").map((line) => line.trim())
		throw new AbortError("Sandbox", message, {
			exit: exit.stopped,
			details: details.filter((line) => line !== error.next),
			tryMessage: error.next,
			cause: error,
		})
	}
}
