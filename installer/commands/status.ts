import {setTimeout as sleep} from "node:timers/promises"
import {MeshBinding} from "../../operator/api/kinds.ts"
import {Namespace} from "../../profiles/snapshot/kinds.ts"
import {AbortError, invalidInput} from "../abort.ts"
import type {ExitCode} from "../exit.ts"
import {exit} from "../exit.ts"
import type {Flags} from "../flags.ts"
import type {Cluster} from "../flow/cluster.ts"
import {requireCrds, withCluster} from "../flow/cluster.ts"
import {printDocument} from "../report/document.ts"
import type {Status} from "../report/status-document.ts"
import {statusDocument} from "../report/status-document.ts"
import {namespaceStatusText, statusText} from "../report/status-text.ts"
import type {Session} from "../session.ts"

const everyMs = 1000

export async function status(
	session: Session,
	flags: Flags,
	namespace: string | undefined,
): Promise<ExitCode> {
	if (flags.watch === true && session.output !== "text") {
		throw invalidInput(`--watch goes on for ever and --output ${session.output} is one document`, {
			tryMessage: "Leave one of them out.",
		})
	}
	return await withCluster(session, flags, async (cluster) => {
		await requireCrds(cluster)
		const document = await read(session, cluster, namespace)
		await printDocument(session, document, () => text(session, document, namespace))
		if (flags.watch === true)
			await watch(session, cluster, {namespace, shown: text(session, document, namespace)})
		return exit.done
	})
}

async function read(session: Session, {client}: Cluster, namespace: string | undefined): Promise<Status> {
	const {items} = await client.list(MeshBinding, {
		signal: session.signal,
		...(namespace === undefined ? {} : {namespace}),
	})
	if (items.length === 0 && namespace !== undefined) {
		const exists = (await client.get(Namespace, namespace, undefined, session.signal)) !== undefined
		throw new AbortError(
			"NoBinding",
			exists ? `the namespace ${namespace} has no MeshBinding` : `there is no namespace ${namespace}`,
			{
				exit: exists ? exit.refused : exit.usage,
				tryMessage: exists
					? "No MeshProfile selects it, or no operator has looked yet; heddle plan --all-namespaces tells."
					: "kubectl get namespaces lists them.",
			},
		)
	}
	return statusDocument(items)
}

function text({page}: Session, document: Status, namespace: string | undefined): string {
	const [only] = document.namespaces
	return namespace !== undefined && only !== undefined
		? namespaceStatusText(only, page)
		: statusText(document, page)
}

/** Prints again whenever something changed, below what was there, so that the past stays readable. */
async function watch(
	session: Session,
	cluster: Cluster,
	{namespace, shown}: {namespace: string | undefined; shown: string},
): Promise<never> {
	let last = shown
	for (;;) {
		await sleep(everyMs, undefined, {signal: session.signal})
		const now = text(session, await read(session, cluster, namespace), namespace)
		if (now !== last) session.print(`\n${now}`)
		last = now
	}
}
