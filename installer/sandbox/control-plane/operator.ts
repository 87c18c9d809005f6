import {fileURLToPath} from "node:url"
import {step} from "../events.ts"
import {answersOk} from "../kube/answers-ok.ts"
import {until} from "../kube/retry.ts"
import {freePort} from "../proc/ports.ts"
import {alive, checkAlive, type Session, startProcess} from "../session.ts"

export const operatorName = "heddle-operator"

const program = fileURLToPath(new URL("../../heddle.js", import.meta.url))

/**
 * Heddle's own operator, as a process beside the cluster: the same command that a person would run. It ends with the
 * sandbox.
 */
export async function startOperator(session: Session): Promise<void> {
	const {state, at, signal, onEvent} = session
	await step(onEvent, "operator", "Start Heddle's operator", async () => {
		if (!alive(session, operatorName)) {
			state.ports.operatorHealth = await freePort()
			const health = `127.0.0.1:${state.ports.operatorHealth}`
			const args = [
				program,
				"operator",
				"--install-crds",
				"--kubeconfig",
				at.kubeconfig,
				"--health-address",
				health,
			]
			await startProcess(session, {name: operatorName, command: process.execPath, args, place: "host"})
		}
		await until({what: "the operator is ready", timeoutMs: 60_000, signal, everyMs: 100}, async () => {
			checkAlive(session)
			return (await answersOk(state.ports.operatorHealth ?? 0, "/readyz")) || undefined
		})
	})
}
