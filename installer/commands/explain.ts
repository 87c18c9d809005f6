import {plan as makePlan} from "../../operator/plan/plan.ts"
import type {Plan} from "../../operator/plan/types.ts"
import {dataplanes} from "../../profiles/registry.ts"
import {Namespace} from "../../profiles/snapshot/kinds.ts"
import type {Snapshot} from "../../profiles/snapshot/snapshot.ts"
import {invalidInput} from "../abort.ts"
import type {ExitCode} from "../exit.ts"
import type {Flags} from "../flags.ts"
import {gather} from "../input/gather.ts"
import {printDocument} from "../report/document.ts"
import {explainText} from "../report/explain-text.ts"
import type {Session} from "../session.ts"
import {ciFormats, exitOf} from "./plan.ts"

export async function explain(session: Session, flags: Flags, namespace: string): Promise<ExitCode> {
	const {snapshot, profiles, places} = await gather(session, flags)
	const all = makePlan({snapshot, profiles, dataplanes, accept: flags.accept ?? [], allNamespaces: true})
	const found = all.namespaces.find((one) => one.namespace === namespace)
	if (found === undefined) throw unknownNamespace(namespace, snapshot)
	const made: Plan = {...all, namespaces: [found]}
	const code = exitOf(made)
	await printDocument(session, made, {
		text: () => explainText(found, session.page),
		...ciFormats(made, places, code),
	})
	return code
}

function unknownNamespace(namespace: string, snapshot: Snapshot) {
	const names = snapshot.list(Namespace).map(({metadata}) => metadata.name)
	const some =
		names.length > 10 ? `${names.slice(0, 10).join(", ")} and ${names.length - 10} more` : names.join(", ")
	return invalidInput(`there is no namespace ${namespace}`, {
		tryMessage: names.length === 0 ? "Nothing that was read is a Namespace." : `There are ${some}.`,
	})
}
