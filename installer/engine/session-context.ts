import {plural} from "../../profiles/names.ts"
import {dataplanes} from "../../profiles/registry.ts"
import {consent} from "../flow/consent.ts"
import {readCluster} from "../input/cluster.ts"
import {objectionsTo} from "./enrolled.ts"
import type {OnInstallEvent} from "./events.ts"
import type {FlowRequest} from "./install-flow.ts"
import {applySetOf} from "./manifests/apply-set.ts"
import type {EngineContext} from "./manifests/context.ts"
import type {WholePlan} from "./manifests/whole-plan.ts"

/** Comes back when a person agreed to the question; throws otherwise. */
export type Agree = (question: string, plan: WholePlan) => Promise<void>

/** How long one object may take to get ready: images are pulled, and nodes may have to come first. */
const patienceMs = 10 * 60_000

/** The manifests engine for one command of one session. */
export function sessionContext(request: FlowRequest, onEvent: OnInstallEvent): EngineContext {
	const {session, flags, cluster} = request
	const agree: Agree = request.agree ?? ((question) => consent(session, flags, question))
	return {
		http: cluster.http,
		set: applySetOf(flags.release ?? "heddle"),
		signal: session.signal,
		onEvent,
		patienceMs: flags.timeout ?? patienceMs,
		lockPatienceMs: flags.waitForLock ?? 30_000,
		dryRun: flags.dryRun === true,
		keepCrds: flags.keepCrds === true,
		consent: (plan) => agree(`${question(request.flow, plan)} in ${cluster.context}?`, plan),
		enrolled: async (leaving) => {
			const {snapshot} = await readCluster(session, cluster.client, [])
			return objectionsTo(leaving, snapshot, dataplanes)
		},
	}
}

function question(flow: string, {objects, leaving}: WholePlan): string {
	const writes = objects.filter(({action}) => action !== "same" && action !== "read").length
	const apply = writes === 0 ? [] : [`apply ${plural(writes, "object")}`]
	const remove = leaving.length === 0 ? [] : [`delete ${plural(leaving.length, "object")}`]
	const [first = flow, ...rest] = [...apply, ...remove]
	return [`${first[0]?.toUpperCase()}${first.slice(1)}`, ...rest].join(" and ")
}
