import {setTimeout as sleep} from "node:timers/promises"
import {MeshBinding} from "../../operator/api/kinds.ts"
import {Namespace} from "../../profiles/snapshot/kinds.ts"
import {AbortError, invalidInput} from "../abort.ts"
import type {ExitCode} from "../exit.ts"
import {exit} from "../exit.ts"
import type {Flags} from "../flags.ts"
import type {Cluster} from "../flow/cluster.ts"
import {requireCrds, withCluster} from "../flow/cluster.ts"
import {livePage} from "../flow/live-page.ts"
import {printDocument} from "../report/document.ts"
import {changes} from "../report/status-changes.ts"
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
		if (flags.watch === true) return await watch(session, () => read(session, cluster, namespace), namespace)
		const document = await read(session, cluster, namespace)
		await printDocument(session, document, () => text(session, document, namespace))
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

/** On a terminal one page that is drawn anew; elsewhere a line for each change, as a log has it. */
async function watch(
	session: Session,
	look: () => Promise<Status>,
	namespace: string | undefined,
): Promise<never> {
	const show = isTerminal() ? livePage(process.stdout) : undefined
	let before: Status | undefined
	for (;;) {
		const now = await look()
		if (show !== undefined) show(text(session, now, namespace))
		else for (const line of changes(before, now)) session.print(line)
		before = now
		await sleep(everyMs, undefined, {signal: session.signal})
	}
}

const isTerminal = () => process.stdout.isTTY === true && process.env.TERM !== "dumb"
