import {identityOf, isDefinition} from "../../infra/manifest.ts"
import {phaseOf, phases} from "../../infra/phases.ts"
import type {Live, ObjectApi} from "./api.ts"
import type {ApplySet, Contents} from "./apply-set.ts"
import {partOf} from "./apply-set.ts"
import {inParallel} from "./parallel.ts"

/** Everything in the cluster that carries the set's mark, of the kinds that it may have. */
export async function membersOf(
	api: ObjectApi,
	set: ApplySet,
	{kinds}: Contents,
): Promise<ReadonlyMap<string, Live>> {
	const lists = await inParallel(kinds, (kind) => api.list(kind, `${partOf}=${set.id}`))
	return new Map(lists.flat().map((object) => [identityOf(object), object]))
}

/** The order in which objects go: the way back of how they came. */
export function leavingOrder(objects: readonly Live[]): Live[][] {
	return phases
		.toReversed()
		.map((phase) => objects.filter((object) => phaseOf(object) === phase))
		.filter((group) => group.length > 0)
}

type Definition = {readonly spec?: {readonly group?: string; readonly names?: {readonly kind?: string}}}

/** The kind that a CRD defines, as `Kind.group`. */
function definedKind(definition: Live): string {
	const {spec} = definition as Definition
	return `${spec?.names?.kind}.${spec?.group}`
}

/** Objects that would go with the CRDs and that nobody asked to remove. */
export async function objectsAtStake(
	api: ObjectApi,
	leaving: readonly Live[],
): Promise<{definition: Live; objects: Live[]}[]> {
	const going = new Set(leaving.map(identityOf))
	const found = await inParallel(leaving.filter(isDefinition), async (definition) => ({
		definition,
		objects: (await api.list(definedKind(definition))).filter((one) => !going.has(identityOf(one))),
	}))
	return found.filter(({objects}) => objects.length > 0)
}

/** Kinds that say that somebody lives in a namespace; everything else there may be a controller's. */
const inhabitants = [
	"Deployment.apps",
	"StatefulSet.apps",
	"DaemonSet.apps",
	"CronJob.batch",
	"PersistentVolumeClaim",
	"Service",
]

/** What others have put into namespaces that would go. */
export async function inhabitantsOf(
	api: ObjectApi,
	leaving: readonly Live[],
): Promise<{namespace: Live; objects: Live[]}[]> {
	const namespaces = leaving.filter(({kind}) => kind === "Namespace")
	if (namespaces.length === 0) return []
	const going = new Set(leaving.map(identityOf))
	const all = (await inParallel(inhabitants, (kind) => api.list(kind))).flat()
	const foreign = all.filter(
		(one) => !going.has(identityOf(one)) && (one.metadata.ownerReferences ?? []).length === 0,
	)
	return namespaces
		.map((namespace) => ({
			namespace,
			objects: foreign.filter(({metadata}) => metadata.namespace === namespace.metadata.name),
		}))
		.filter(({objects}) => objects.length > 0)
}
