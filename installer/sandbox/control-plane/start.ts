import {readFile} from "node:fs/promises"
import {adminToken, writeKubeconfig} from "../credentials.ts"
import {step} from "../events.ts"
import type {Kube} from "../kube/client.ts"
import {until} from "../kube/retry.ts"
import {freePort} from "../proc/ports.ts"
import {
	alive,
	checkAlive,
	kubeOf,
	type Session,
	serverOf,
	sizeOf,
	startComponent,
	startProcess,
} from "../session.ts"
import {apiserver, controllerManager, etcd, kwok, scheduler} from "./commands.ts"

/** Starts etcd and the API server, and returns as soon as the API answers: much can begin before it calls itself ready. */
export async function startApi(session: Session): Promise<Kube> {
	const {state, at, signal, onEvent} = session
	return step(onEvent, "api", "Start etcd and the API server", async () => {
		if (!alive(session, "kube-apiserver")) {
			// A real node's network is its own: there the port was chosen together with the relay.
			if (sizeOf(state) === "kwok") state.ports.apiserver = await freePort()
			await startComponent(session, etcd)
			await startComponent(session, apiserver)
		}
		const waiting = {what: "the API server answers", timeoutMs: 60_000, signal, everyMs: 40}
		const kube = await until(waiting, async () => {
			checkAlive(session)
			const candidate = kubeOf(session)
			return candidate.call("GET", "/api/v1/namespaces/kube-system", {timeoutMs: 2000}).then(
				() => candidate,
				(error: unknown) => {
					candidate.close()
					throw error
				},
			)
		})
		const ca = await readFile(at.ca, "utf8")
		writeKubeconfig(at.kubeconfig, {
			server: serverOf(state),
			ca,
			token: adminToken(at),
			name: `heddle-${state.name}`,
		})
		return kube
	})
}

/** These wait for the API server by themselves, however long it takes. */
export async function startScheduling(session: Session): Promise<void> {
	for (const component of sizeOf(session.state) === "kwok" ? [scheduler, kwok] : [scheduler]) {
		if (!alive(session, component.name)) await startComponent(session, component)
	}
}

/**
 * The controller manager gives up when the API server is not healthy within ten seconds, which happens on a busy
 * machine: so it starts after that. Pods are refused until their namespace has its service account: then it works.
 */
export async function startControllers(session: Session, kube: Kube): Promise<void> {
	const {onEvent, signal} = session
	await step(onEvent, "controllers", "Start the controllers", async () => {
		const healthy = {what: "the API server is ready", timeoutMs: 120_000, signal, everyMs: 120}
		await until(healthy, async () => {
			checkAlive(session)
			return kube.call("GET", "/readyz")
		})
		if (!alive(session, controllerManager.name)) await startComponent(session, controllerManager)
		await until({what: "the controllers work", timeoutMs: 60_000, signal}, async () => {
			checkAlive(session)
			return kube.call("GET", "/api/v1/namespaces/default/serviceaccounts/default")
		})
	})
}

/** The one stand-in that is not kwok's: it follows namespace labels, which a kwok stage cannot see. */
export async function startAmbientAgent(session: Session): Promise<void> {
	if (alive(session, "ambient-cni")) return
	const {at, state} = session
	const main = new URL("../cni/main.ts", import.meta.url).pathname
	await startProcess(session, {
		name: "ambient-cni",
		command: process.execPath,
		args: [main, serverOf(state), at.ca, at.tokens],
	})
}
