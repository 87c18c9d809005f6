import {setTimeout as sleep} from "node:timers/promises"
import type {Client} from "../../../operator/kube/types.ts"
import type {Event} from "../model/event.ts"
import type {Cluster} from "../model/state.ts"
import {problemOf} from "./problem.ts"

/** Between two looks while all is well, and while the cluster is lost. */
const wellMs = 5_000
const lostMs = 1_500

type Pulse = {
	/** Of its own: with few tries and a short patience. */
	readonly client: Client
	readonly cluster: Cluster
	readonly tell: (event: Event) => void
	readonly signal: AbortSignal
}

/**
 * Asks the API server for its version now and then. A watch that is cut without a word would say nothing for
 * minutes, and a person has to know whether what is on the screen is still so.
 */
export async function pulse({client, cluster, tell, signal}: Pulse): Promise<void> {
	let version: string | undefined
	while (!signal.aborted) {
		let waitMs = wellMs
		try {
			const now = await client.serverVersion()
			if (now !== version) tell({type: "cluster", cluster: {...cluster, version: now}})
			version = now
			tell({type: "link", link: {state: "up"}})
			tell({type: "check", check: {id: "api", title: "API server", state: "ok", note: `Kubernetes ${now}`}})
		} catch (error) {
			const {message, fix} = problemOf(error)
			tell({type: "link", link: {state: "lost", why: message}})
			if (version === undefined)
				tell({
					type: "check",
					check: {
						id: "api",
						title: "API server",
						state: "bad",
						note: message,
						...(fix === undefined ? {} : {fix}),
					},
				})
			waitMs = lostMs
		}
		await sleep(waitMs, undefined, {signal}).catch(() => undefined)
	}
}
