import {existsSync} from "node:fs"
import {join} from "node:path"
import {fileURLToPath} from "node:url"
import {step} from "../events.ts"
import {until} from "../kube/retry.ts"
import {freePorts} from "../proc/ports.ts"
import {alive, checkAlive, type Session, save, startProcess} from "../session.ts"
import {toolPath} from "./components.ts"
import {childOf, outside} from "./inside.ts"
import {type NodeFiles, nodeAddress, serviceNetwork} from "./settings.ts"

const initName = "node"
const relays = ["relay-host", "relay-node"] as const
export const namespaceProcesses = [initName, ...relays]

/** The namespaces of the node, held by its process 1, and the way between them and the host's loopback. */
export async function startNamespaces(session: Session, files: NodeFiles): Promise<void> {
	const {state, at, signal, onEvent} = session
	await step(onEvent, "namespaces", "Make the namespaces of the node", async () => {
		if (!alive(session, initName)) {
			delete state.init
			const {command, args} = outside({
				command: "bash",
				args: [join(import.meta.dirname, "init.sh"), files.folder, nodeAddress, serviceNetwork],
			})
			const env = {PATH: toolPath(at.folder)}
			await startProcess(session, {name: initName, command, args, env})
			const waiting = {what: "the node's namespaces are prepared", timeoutMs: 10_000, signal, everyMs: 20}
			state.init = await until(waiting, () => {
				checkAlive(session)
				return existsSync(files.prepared) ? childOf(state.processes[initName]?.pid ?? 0) : undefined
			})
			save(session)
		}
		await startRelays(session)
	})
}

/** Every port has the same number on both sides, so that one kubeconfig serves both. */
async function startRelays(session: Session): Promise<void> {
	const {state, at} = session
	if (relays.every((name) => alive(session, name))) return
	const [apiserver, prometheus] = await freePorts(2)
	Object.assign(state.ports, {apiserver, prometheus})
	const pairs = [apiserver, prometheus].map((port) => ({
		port,
		socket: join(at.sockets, `relay-${port}.sock`),
	}))
	const main = fileURLToPath(new URL("relay.ts", import.meta.url))
	const command = process.execPath
	await startProcess(session, {
		name: "relay-node",
		command,
		args: [main, ...pairs.map(({port, socket}) => `${socket}=${port}`)],
	})
	await startProcess(session, {
		name: "relay-host",
		command,
		args: [main, ...pairs.map(({port, socket}) => `${port}=${socket}`)],
		place: "host",
	})
}
