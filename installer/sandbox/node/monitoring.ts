import {writeFile} from "node:fs/promises"
import {fileURLToPath} from "node:url"
import {step} from "../events.ts"
import {answersOk} from "../kube/answers-ok.ts"
import {until} from "../kube/retry.ts"
import {alive, checkAlive, type Session, serverOf, startProcess} from "../session.ts"
import {prometheusArgs, toolPath} from "./components.ts"
import {monitoringConfig, monitoringRules} from "./metrics.ts"
import {nodeFiles} from "./settings.ts"

const prometheusName = "prometheus"
const discoveryName = "discovery"
export const monitoringProcesses = [prometheusName, discoveryName]

/** Prometheus, in the node's network beside the pods that it scrapes. */
export async function startMonitoring(session: Session): Promise<void> {
	const {state, at, signal, onEvent} = session
	const files = nodeFiles(at.folder)
	const port = state.ports.prometheus ?? 0
	await step(onEvent, "monitoring", "Start Prometheus", async () => {
		if (!alive(session, prometheusName)) {
			const rules = `${files.prometheusConfig}.rules`
			const targets = `${files.prometheusConfig}.targets.json`
			await startProcess(session, {
				name: discoveryName,
				command: process.execPath,
				args: [
					fileURLToPath(new URL("discovery.ts", import.meta.url)),
					serverOf(state),
					at.ca,
					at.tokens,
					targets,
				],
			})
			await writeFile(rules, JSON.stringify(monitoringRules))
			await writeFile(files.prometheusConfig, JSON.stringify(monitoringConfig(rules, targets)))
			await startProcess(session, {
				name: prometheusName,
				command: `${files.bin}/prometheus`,
				args: prometheusArgs(at.folder, port),
				env: {PATH: toolPath(at.folder)},
			})
		}
		await until({what: "Prometheus is ready", timeoutMs: 60_000, signal, everyMs: 200}, async () => {
			checkAlive(session)
			return (await answersOk(port, "/-/ready")) || undefined
		})
	})
}
