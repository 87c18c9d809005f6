import {consent} from "../../flow/consent.ts"
import type {Manifest} from "../../infra/manifest.ts"
import {identityOf} from "../../infra/manifest.ts"
import {checkedInstallation} from "../checked.ts"
import {evaluated} from "../evaluated.ts"
import type {Flow, FlowPlan, FlowResult, OnInstallEvent, PlannedChange} from "../events.ts"
import type {Installation} from "../installation.ts"
import type {Live} from "../manifests/api.ts"
import {ObjectApi} from "../manifests/api.ts"
import {nodeOf} from "../manifests/tell.ts"
import type {Placed} from "../ordered.ts"
import {objections} from "./objections.ts"
import type {Place, Recorded} from "./place.ts"
import {runJob} from "./place.ts"
import type {Ref} from "./record.ts"
import {sweep} from "./sweep.ts"

type Wish = {
	readonly flow: Exclude<Flow, "render">
	readonly record: Recorded | undefined
	/** All that is to be there afterwards; undefined removes the release. */
	readonly wanted: Installation | undefined
	readonly onEvent: OnInstallEvent
}

/**
 * What speaks against it, preview, consent, Pulumi's own work, and then what Pulumi leaves behind. It can be killed at
 * any moment, and the same call goes on from there.
 */
export async function carryOut(place: Place, {flow, record, wanted, onEvent}: Wish): Promise<FlowResult> {
	const {session, flags, cluster} = place
	const version = wanted === undefined ? undefined : await cluster.client.serverVersion()
	const installation = wanted === undefined ? undefined : checkedInstallation(wanted, version)
	const options = {signal: session.signal, chartDir: flags.chartDir, onEvent}
	const placed = installation === undefined ? [] : await evaluated(installation, options)
	const api = new ObjectApi(cluster.http, session.signal)
	const leaving = await stillThere(api, unwanted(record, placed))
	const diagnostics = await objections(place, api, {placed, record, leaving})
	for (const one of diagnostics) onEvent(one)
	if (diagnostics.some(({severity}) => severity === "block")) return "refused"
	const changes =
		installation === undefined ? deletions(leaving) : await preview(place, installation, {leaving, onEvent})
	if (installation === undefined) onEvent({type: "plan", changes})
	if (installation !== undefined && leaving.length === 0 && changes.every(isNone)) return "unchanged"
	if (flags.dryRun === true) return "previewed"
	await consent(session, flags, `Let Pulumi ${flow} this in ${cluster.context}?`)
	const operation = installation === undefined ? "destroy" : "up"
	const job = {leaving: leaving.map(refOf), onEvent}
	await runJob(place, {...job, operation, ...(installation === undefined ? {} : {installation})})
	await sweep(place, api, {leaving, onEvent})
	if (installation === undefined) await runJob(place, {operation: "forget"})
	return "done"
}

const isNone = ({action}: PlannedChange) => action === "same" || action === "read"
const deletions = (leaving: readonly Live[]): PlannedChange[] =>
	leaving.map((object) => ({...nodeOf(object), action: "delete"}))

function unwanted(record: Recorded | undefined, placed: readonly Placed[]): Ref[] {
	const stays = new Set(placed.map(({id}) => id))
	const all = [...(record?.held ?? []), ...(record?.leaving ?? [])]
	const distinct = new Map(all.map((ref) => [identityOf(ref), ref]))
	return [...distinct.values()].filter((ref) => !stays.has(identityOf(ref)))
}

async function stillThere(api: ObjectApi, refs: readonly Ref[]): Promise<Live[]> {
	const found = await Promise.all(refs.map((ref) => api.get(ref)))
	return found.filter((one) => one !== undefined)
}

function refOf({apiVersion, kind, metadata: {name, namespace}}: Manifest): Ref {
	return {apiVersion, kind, metadata: {name, ...(namespace === undefined ? {} : {namespace})}}
}

type Previewing = {readonly leaving: readonly Live[]; readonly onEvent: OnInstallEvent}

async function preview(
	place: Place,
	installation: Installation,
	{leaving, onEvent}: Previewing,
): Promise<readonly PlannedChange[]> {
	let plan: FlowPlan = {type: "plan", changes: []}
	await runJob(place, {
		operation: "preview",
		installation,
		leaving: leaving.map(refOf),
		onEvent: (event) => {
			if (event.type === "plan") plan = event
			onEvent(event)
		},
	})
	return plan.changes
}
