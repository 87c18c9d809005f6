import type {KubeObject} from "../../profiles/snapshot/object.ts"
import type {Session} from "../session.ts"
import type {Defined} from "./definitions.ts"
import {undefinedKinds} from "./definitions.ts"
import {missingNamespaces} from "./placement.ts"

type Given = {
	readonly session: Session
	readonly objects: readonly KubeObject[]
	readonly defined: ReadonlyMap<string, Defined> | undefined
	readonly profiles: number
	/** Namespaces that no profile selects are shown as well. */
	readonly all: boolean
}

/** Says what is missing from files that a plan of the cluster itself would have seen. */
export function tellGaps({session, objects, defined, profiles, all}: Given): void {
	if (profiles === 0 && !all)
		session.say(
			"‼ there is no MeshProfile among the files; give one with --profile FILE, or ask for --all-namespaces",
		)
	const missing = missingNamespaces(objects)
	if (missing.length > 0)
		session.say(
			`‼ objects are in ${some(missing)}, but the Namespace is not among the files, so no profile selects it; dump it too: kubectl get namespaces -o json`,
		)
	const unserved = undefinedKinds(objects, defined)
	if (unserved.length > 0)
		session.say(
			`‼ there are objects of ${some(unserved)}, but none of the CRDs among the files defines them: no cluster with just these CRDs holds such objects`,
		)
}

const some = (names: readonly string[]): string =>
	names.length > 5 ? `${names.slice(0, 5).join(", ")} and ${names.length - 5} more` : names.join(", ")
