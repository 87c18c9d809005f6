import {setImmediate as nextTurn, setTimeout as sleep} from "node:timers/promises"
import {MeshProfile} from "../../../operator/api/kinds.ts"
import type {Cache} from "../../../operator/kube/cache.ts"
import type {Client} from "../../../operator/kube/types.ts"
import * as kinds from "../../../profiles/snapshot/kinds.ts"
import type {Snapshot} from "../../../profiles/snapshot/snapshot.ts"
import {notRunLive, runLive} from "../../checks/live.ts"
import {runPure} from "../../checks/run.ts"
import {type CheckResult, groups} from "../../checks/types.ts"
import type {Event} from "../model/event.ts"
import type {Check} from "../model/state.ts"
import type {Definitions} from "./definitions.ts"
import {groupCheck} from "./group-check.ts"
import {problemOf} from "./problem.ts"

type Looking = {
	readonly cache: Cache
	/** Of the cache, with what is not watched. */
	readonly snapshot: Snapshot
	readonly definitions: Definitions
	readonly client: Client
	/** The last failure of each kind that could not be read, by its id. */
	readonly failures: ReadonlyMap<string, unknown>
	readonly tell: (event: Event) => void
	readonly signal: AbortSignal
}

/** Tells of each group of checks as it is known, and comes back when there is something to show. */
export async function lookAround(looking: Looking): Promise<void> {
	const {snapshot, definitions, client, tell, signal} = looking
	const check = (one: Check) => tell({type: "check", check: one})
	for (const one of beginning) check(one)
	await reading(looking)
	if (signal.aborted) return
	check(readCheck(looking))
	for (const group of groups) check({id: group, title: group, state: "running"})
	// Forbidden or gone: the kind stays unknown, and the checks say so.
	await definitions.read().catch(() => undefined)
	const server = await client.serverVersion().catch(() => undefined)
	const profiles = snapshot.list(MeshProfile)
	// A snapshot of its own: what is computed of the whole cluster must not outlive this look.
	const pure = runPure({
		snapshot: {...snapshot, era: {}},
		profiles,
		...(server === undefined ? {} : {server}),
		fromCluster: true,
		now: new Date(),
	})
	await tellGroups(pure, tell)
	await tellGroups(await live(client, signal), tell)
	tell({type: "discovered"})
}

/** What cannot be asked is not passed: the checks say why they were not run. */
async function live(client: Client, signal: AbortSignal): Promise<readonly CheckResult[]> {
	try {
		return await runLive(client, signal)
	} catch (error) {
		const {message, fix} = problemOf(error)
		return notRunLive(message, fix === undefined ? {message} : {message, fix})
	}
}

async function tellGroups(results: readonly CheckResult[], tell: Looking["tell"]): Promise<void> {
	for (const [group, members] of Map.groupBy(results, (one) => one.group)) {
		tell({type: "check", check: groupCheck(group, members)})
		await nextTurn()
	}
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
