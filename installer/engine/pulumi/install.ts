import {dataplanes} from "../../../profiles/registry.ts"
import {AbortError} from "../../abort.ts"
import type {ExitCode} from "../../exit.ts"
import {exit} from "../../exit.ts"
import type {Flags} from "../../flags.ts"
import {consent} from "../../flow/consent.ts"
import {readCluster} from "../../input/cluster.ts"
import {installReport} from "../../report/install-report.ts"
import type {Session} from "../../session.ts"
import {withoutComponents} from "../answers.ts"
import {checkedInstallation} from "../checked.ts"
import {objectionsTo} from "../enrolled.ts"
import {evaluated} from "../evaluated.ts"
import type {Flow, FlowDiagnostic, FlowPlan, FlowResult, OnInstallEvent} from "../events.ts"
import type {Installation} from "../installation.ts"
import {outcome, resumable} from "../outcome.ts"
import {revisionsInUse} from "../revisions-in-use.ts"
import {upgraded} from "../upgraded.ts"
import {wantedInstallation} from "../wanted.ts"
import type {Place} from "./place.ts"
import {recordedBy, runJob, withPlace} from "./place.ts"

type Names = readonly string[]

export async function installByPulumi(session: Session, flags: Flags, names: Names): Promise<ExitCode> {
	return await withPlace(session, flags, async (place) => {
		const before = await recordedBy(place)
		return await carryOut(place, "install", await wantedInstallation(session, flags, {names, before}))
	})
}

export async function upgradeByPulumi(session: Session, flags: Flags, names: Names): Promise<ExitCode> {
	return await withPlace(session, flags, async (place) => {
		const before = (await recordedBy(place)) ?? nothing(place)
		const {snapshot} = await readCluster(session, place.cluster.client, [])
		const inUse = revisionsInUse(snapshot, before)
		return await carryOut(place, "upgrade", upgraded(before, {names, to: flags.to, inUse}))
	})
}

export async function uninstallByPulumi(session: Session, flags: Flags, names: Names): Promise<ExitCode> {
	return await withPlace(session, flags, async (place) => {
		const before = (await recordedBy(place)) ?? nothing(place)
		return names.length > 0
			? await carryOut(place, "uninstall", withoutComponents(before, names), before)
			: await destroy(place, before)
	})
}

function nothing({job}: Place): never {
	throw new AbortError("NothingInstalled", `the stack ${job.stack} in ${job.backend} holds no installation`, {
		exit: exit.refused,
		tryMessage: "Name the release with --release, and the backend with --backend.",
	})
}

/** Preview, consent, up. What would leave is held against the pods that need it, as with the other engine. */
async function carryOut(
	place: Place,
	flow: Flow,
	wanted: Installation,
	before?: Installation,
): Promise<ExitCode> {
	const {session, flags, cluster} = place
	const installation = checkedInstallation(wanted, await cluster.client.serverVersion())
	const head = headOf(place, flow)
	const report = installReport(session, head)
	const result = await resumable(head, report.onEvent, async (onEvent) => {
		const blocks = before === undefined ? [] : await objections(place, before, installation, onEvent)
		if (blocks.length > 0) return tellAll(blocks, onEvent)
		const plan = await preview(place, installation, onEvent)
		if (plan.changes.every(({action}) => action === "same" || action === "read")) return "unchanged"
		if (flags.dryRun === true) return "previewed"
		await consent(session, flags, `Let Pulumi ${flow} this in ${cluster.context}?`)
		await runJob(place, {operation: "up", installation, onEvent})
		return "done"
	})
	return await outcome(session, report, result)
}

async function preview(place: Place, installation: Installation, onEvent: OnInstallEvent): Promise<FlowPlan> {
	let plan: FlowPlan = {type: "plan", changes: []}
	await runJob(place, {
		operation: "preview",
		installation,
		onEvent: (event) => {
			if (event.type === "plan") plan = event
			onEvent(event)
		},
	})
	return plan
}

async function destroy(place: Place, before: Installation): Promise<ExitCode> {
	const {session, flags, cluster} = place
	const head = headOf(place, "uninstall")
	const report = installReport(session, head)
	const result = await resumable(head, report.onEvent, async (onEvent) => {
		const nothingLeft = {...before, spec: {components: {}, profiles: []}}
		const blocks = await objections(place, before, nothingLeft, onEvent)
		if (blocks.length > 0) return tellAll(blocks, onEvent)
		if (flags.dryRun === true) return "previewed"
		await consent(session, flags, `Let Pulumi remove ${place.release} from ${cluster.context}?`)
		await runJob(place, {operation: "destroy", installation: before, onEvent})
		onEvent(retained)
		return "done"
	})
	return await outcome(session, report, result)
}

const retained: FlowDiagnostic = {
	type: "diagnostic",
	severity: "info",
	code: "RetainedByPulumi",
	message: "CRDs and namespaces stay, since Pulumi would delete with them what others have put there",
	fix: "Remove what you no longer need with kubectl delete crd and kubectl delete namespace.",
}

/** What speaks against taking away what the one has and the other has not. */
async function objections(
	{session, cluster, flags}: Place,
	before: Installation,
	after: Installation,
	onEvent: OnInstallEvent,
): Promise<readonly FlowDiagnostic[]> {
	const options = {signal: session.signal, chartDir: flags.chartDir, onEvent}
	const stay = new Set((await evaluated(after, options)).map(({id}) => id))
	const leaving = (await evaluated(before, options)).filter(({id}) => !stay.has(id))
	const {snapshot} = await readCluster(session, cluster.client, [])
	return objectionsTo(
		leaving.map(({object}) => object),
		snapshot,
		dataplanes,
	)
}

function tellAll(blocks: readonly FlowDiagnostic[], onEvent: OnInstallEvent): FlowResult {
	for (const block of blocks) onEvent(block)
	return "refused"
}

const headOf = ({flags, cluster, release}: Place, flow: Flow) =>
	({flow, engine: "pulumi", release, target: cluster.context, dryRun: flags.dryRun === true}) as const
