import {plural} from "../../profiles/names.ts"
import {dataplanes} from "../../profiles/registry.ts"
import type {Flags} from "../flags.ts"
import type {Connection} from "../flow/cluster.ts"
import {consent} from "../flow/consent.ts"
import {readCluster} from "../input/cluster.ts"
import type {Session} from "../session.ts"
import {objectionsTo} from "./enrolled.ts"
import type {Flow, OnInstallEvent} from "./events.ts"
import {applySetOf} from "./manifests/apply-set.ts"
import type {EngineContext} from "./manifests/context.ts"
import type {WholePlan} from "./manifests/whole-plan.ts"

/** How long one object may take to get ready: images are pulled, and nodes may have to come first. */
const patienceMs = 10 * 60_000

/** The manifests engine for one command of one session. */
export function sessionContext(
	session: Session,
	flags: Flags,
	{cluster, flow, onEvent}: {cluster: Connection; flow: Flow; onEvent: OnInstallEvent},
): EngineContext {
	const release = flags.release ?? "heddle"
	return {
		http: cluster.http,
		set: applySetOf(release),
		signal: session.signal,
		onEvent,
		patienceMs: flags.timeout ?? patienceMs,
		lockPatienceMs: flags.waitForLock ?? 30_000,
		dryRun: flags.dryRun === true,
		keepCrds: flags.keepCrds === true,
		consent: (plan) => consent(session, flags, `${question(flow, plan)} in ${cluster.context}?`),
		enrolled: async (leaving) => {
			const {snapshot} = await readCluster(session, cluster.client, [])
			return objectionsTo(leaving, snapshot, dataplanes)
		},
	}
}

function question(flow: Flow, {objects, leaving}: WholePlan): string {
	const writes = objects.filter(({action}) => action !== "same" && action !== "read").length
	const apply = writes === 0 ? [] : [`apply ${plural(writes, "object")}`]
	const remove = leaving.length === 0 ? [] : [`delete ${plural(leaving.length, "object")}`]
	const [first = flow, ...rest] = [...apply, ...remove]
	return [`${first[0]?.toUpperCase()}${first.slice(1)}`, ...rest].join(" and ")
}
