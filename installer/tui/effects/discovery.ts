import {setTimeout as sleep} from "node:timers/promises"
import {MeshBinding, MeshProfile} from "../../../operator/api/kinds.ts"
import type {Cache} from "../../../operator/kube/cache.ts"
import type {Client} from "../../../operator/kube/types.ts"
import {dataplanes} from "../../../profiles/registry.ts"
import * as kinds from "../../../profiles/snapshot/kinds.ts"
import type {Snapshot} from "../../../profiles/snapshot/snapshot.ts"
import {heldLease} from "../../flow/operator-lease.ts"
import type {Event} from "../model/event.ts"
import type {Check} from "../model/state.ts"
import {problemOf} from "./problem.ts"

type Looking = {
	readonly cache: Cache
	readonly client: Client
	/** The last failure of each kind that could not be read, by its id. */
	readonly failures: ReadonlyMap<string, unknown>
	readonly tell: (event: Event) => void
	readonly signal: AbortSignal
}

/** Tells of each check as it is known, and comes back when there is something to show. */
export async function lookAround(looking: Looking): Promise<void> {
	const {cache, tell, signal} = looking
	const check = (one: Check) => tell({type: "check", check: one})
	for (const one of beginning) check(one)
	await reading(looking)
	if (signal.aborted) return
	check(readCheck(looking))
	const {snapshot} = cache
	check(nodesCheck(snapshot))
	for (const one of dataplaneChecks(snapshot)) check(one)
	check(crdsCheck(cache))
	check(await operatorCheck(looking))
	tell({type: "discovered"})
}

const beginning: readonly Check[] = [
	{id: "api", title: "API server", state: "running"},
	{id: "read", title: "Read the cluster", state: "running"},
]

/** Counts what comes in until every kind was read, or is known not to be readable; a lost cluster is waited for. */
async function reading({cache, tell, signal}: Looking): Promise<void> {
	const namespaces = cache.reflectors.find(({kind}) => kind.id === kinds.Namespace.id)
	const settled = () => cache.reflectors.every(({state}) => state !== "starting")
	while (!signal.aborted && !(settled() && namespaces?.state !== "failing")) {
		const known = cache.reflectors.filter(({state}) => state !== "starting").length
		const note = `${known} of ${cache.reflectors.length} kinds, ${objects(cache)} objects`
		tell({type: "check", check: {id: "read", title: "Read the cluster", state: "running", note}})
		await Promise.race([cache.settled(), sleep(150, undefined, {signal})]).catch(() => undefined)
		if (namespaces?.state === "failing") await sleep(500, undefined, {signal}).catch(() => undefined)
	}
}

const objects = (cache: Cache) => [...cache.sizes().values()].reduce((sum, size) => sum + size, 0)

function readCheck({cache, failures}: Looking): Check {
	const title = "Read the cluster"
	const hidden = cache.reflectors.filter(({state}) => state === "forbidden" || state === "failing")
	const [first] = hidden
	if (first === undefined) {
		const served = cache.reflectors.filter(({state}) => state === "synced").length
		return {id: "read", title, state: "ok", note: `${objects(cache)} objects of ${served} kinds`}
	}
	const {message, fix} = problemOf(failures.get(first.kind.id))
	const names = hidden.map(({kind}) => kind.plural).join(", ")
	return {
		id: "read",
		title,
		state: "warn",
		note: `not readable: ${names}. What depends on it counts as unknown. ${message}`,
		...(fix === undefined ? {} : {fix}),
	}
}

function nodesCheck(snapshot: Snapshot): Check {
	const nodes = snapshot.list(kinds.Node)
	const ready = nodes.filter(({status}) =>
		status?.conditions?.some(({type, status: is}) => type === "Ready" && is === "True"),
	).length
	const versions = [...new Set(nodes.flatMap(({status}) => status?.nodeInfo?.kubeletVersion ?? []))]
	const told = versions.length === 0 ? "" : `, kubelet ${versions.slice(0, 3).join(", ")}`
	return {
		id: "nodes",
		title: "Nodes",
		state: nodes.length > 0 && ready === nodes.length ? "ok" : "warn",
		note: `${ready} of ${nodes.length} ready${told}`,
	}
}

function dataplaneChecks(snapshot: Snapshot): readonly Check[] {
	return dataplanes
		.filter(({family}) => family !== "None")
		.map((dataplane): Check => {
			const [found, ...more] = dataplane.detect(snapshot)
			const id = `dataplane-${dataplane.name}`
			if (found === undefined) return {id, title: dataplane.name, state: "none", note: "not installed"}
			const revisions = more.length === 0 ? "" : ` and ${more.length} more`
			const version = found.version === undefined ? "version unknown" : found.version
			const [reason] = found.reasons
			return {
				id,
				title: dataplane.name,
				state: found.healthy ? "ok" : "warn",
				note: `${version}, revision ${found.revision}${revisions}${found.healthy || reason === undefined ? "" : `: ${reason.message}`}`,
				...(found.healthy || reason?.fix === undefined ? {} : {fix: reason.fix}),
			}
		})
}

function crdsCheck(cache: Cache): Check {
	const title = "Heddle's CRDs"
	const ours = cache.reflectors.filter(({kind}) => kind.id === MeshProfile.id || kind.id === MeshBinding.id)
	return ours.every(({state}) => state !== "absent")
		? {id: "crds", title, state: "ok", note: `${cache.snapshot.list(MeshProfile).length} profiles`}
		: {
				id: "crds",
				title,
				state: "warn",
				note: "not installed: everything can be looked at, nothing can be moved",
				fix: "heddle operator --install-crds",
			}
}

async function operatorCheck({client, signal}: Looking): Promise<Check> {
	const title = "Heddle's operator"
	try {
		const holder = await heldLease(client, signal)
		return holder === undefined
			? {
					id: "operator",
					title,
					state: "warn",
					note: "none runs in this cluster",
					fix: "heddle operator --install-crds",
				}
			: {id: "operator", title, state: "ok", note: holder}
	} catch (error) {
		return {id: "operator", title, state: "warn", note: problemOf(error).message}
	}
}
