import {type ChildProcess, spawn} from "node:child_process"
import {once} from "node:events"
import {fileURLToPath} from "node:url"
import {inside} from "../../installer/sandbox/node/inside.ts"
import {nodeAddress, podGateway} from "../../installer/sandbox/node/settings.ts"
import {readState} from "../../installer/sandbox/state.ts"
import type {World} from "../kit/open-world.ts"

/**
 * The kubelet asks pods from the far end of their own link; in ambient by an address of its own, which Istio's node
 * agent gives to its probes. Source: istio:cni/pkg/config (HOST_PROBE_SNAT_IP)
 */
const nodeAddresses = [nodeAddress, podGateway, "169.254.7.127"].join(",")
/** The application's own, and that of HBONE, in which ambient wraps it. */
const ports = [8080, 15_008].join(",")

export type Captured = {
	tls: number
	plaintextRequests: number
	plaintextResponses: number
	other: number
}

/**
 * Looks at every packet between pods on these ports, by an AF_PACKET socket in the node's network
 * namespace. Resolves once it looks; `end` resolves with what it saw.
 */
export async function startCapture(
	world: World,
	outsiders: readonly string[] = [],
): Promise<{end(): Promise<Captured>; kill(): void}> {
	const init = readState(world.sandbox.folder)?.init
	const program = fileURLToPath(new URL("pods/plaintext.py", import.meta.url))
	const look = {command: "python3", args: [program, ports, nodeAddresses, outsiders.join(",")]}
	const {command, args} = inside(init ?? 0, "network", look)
	const child: ChildProcess = spawn(command, args, {stdio: ["pipe", "pipe", "inherit"]})
	let said = ""
	child.stdout?.setEncoding("utf8").on("data", (chunk: string) => (said += chunk))
	await once(child, "spawn")
	return {
		end: async () => {
			const closed = once(child, "close")
			child.stdin?.end()
			await closed
			return JSON.parse(said) as Captured
		},
		kill: () => child.kill("SIGKILL"),
	}
}
