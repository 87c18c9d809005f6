import {listContexts} from "../../operator/kube/config.ts"
import {Namespace} from "../../profiles/snapshot/kinds.ts"
import type {ExitCode} from "../exit.ts"
import {exit} from "../exit.ts"
import type {Flags} from "../flags.ts"
import {withCluster} from "../flow/cluster.ts"
import type {Session} from "../session.ts"
import type {Asked} from "../shells/asked.ts"

/** A person waits with a finger on Tab: what is not there by then is not offered. */
const patienceMs = 2_000

type Answer = (session: Session, flags: Flags) => Promise<readonly string[]>

const answers: Readonly<Record<Asked, Answer>> = {
	namespaces: (session, flags) =>
		withCluster(session, flags, async ({client}) => {
			const {items} = await client.list(Namespace, {signal: AbortSignal.timeout(patienceMs)})
			return items.map(({metadata}) => metadata.name)
		}),
	contexts: async (_session, {kubeconfig}) => (await listContexts({kubeconfig})).map(({name}) => name),
	sandboxes: async () => (await import("../sandbox/index.ts")).list().map(({name}) => name),
	components: async () => (await import("../engine/component-names.ts")).componentNames,
	codes: async () => {
		const {profileReasons} = await import("../../profiles/reasons.ts")
		const {planReasons} = await import("../../operator/plan/reasons.ts")
		const all = Object.entries<{readonly severity: string}>({...profileReasons, ...planReasons})
		return all.flatMap(([code, {severity}]) => (severity === "accept" ? code : [])).sort()
	},
	capabilities: async () => {
		const {dataplanes} = await import("../../profiles/registry.ts")
		const {features} = await import("../../profiles/features.ts")
		return [...dataplanes.map(({name}) => name), ...features]
	},
}

/** One word a line for a shell. What cannot be asked is silence, not an error in the middle of somebody's typing. */
export async function complete(session: Session, flags: Flags, what: Asked): Promise<ExitCode> {
	const words = await answers[what](session, flags).catch(() => [])
	if (words.length > 0) session.print(words.join("\n"))
	return exit.done
}
