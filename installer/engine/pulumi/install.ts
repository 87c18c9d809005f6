import {AbortError} from "../../abort.ts"
import type {ExitCode} from "../../exit.ts"
import {exit} from "../../exit.ts"
import type {Flags} from "../../flags.ts"
import {readCluster} from "../../input/cluster.ts"
import {installReport} from "../../report/install-report.ts"
import type {Session} from "../../session.ts"
import {withoutComponents} from "../answers.ts"
import type {Flow} from "../events.ts"
import type {Installation} from "../installation.ts"
import {outcome, resumable} from "../outcome.ts"
import {revisionsInUse} from "../revisions-in-use.ts"
import {upgraded} from "../upgraded.ts"
import {wantedInstallation} from "../wanted.ts"
import {carryOut} from "./carry-out.ts"
import type {Place, Recorded} from "./place.ts"
import {recordedBy, withPlace} from "./place.ts"

type Names = readonly string[]

export async function installByPulumi(session: Session, flags: Flags, names: Names): Promise<ExitCode> {
	return await withPlace(session, flags, async (place) => {
		const record = await recordedBy(place)
		const before = record?.installation
		return await run(place, "install", {
			record,
			wanted: await wantedInstallation(session, flags, {names, before}),
		})
	})
}

export async function upgradeByPulumi(session: Session, flags: Flags, names: Names): Promise<ExitCode> {
	return await withPlace(session, flags, async (place) => {
		const record = (await recordedBy(place)) ?? nothing(place)
		const before = record.installation
		const {snapshot} = await readCluster(session, place.cluster.client, [])
		const inUse = revisionsInUse(snapshot, before)
		return await run(place, "upgrade", {record, wanted: upgraded(before, {names, to: flags.to, inUse})})
	})
}

export async function uninstallByPulumi(session: Session, flags: Flags, names: Names): Promise<ExitCode> {
	return await withPlace(session, flags, async (place) => {
		const record = (await recordedBy(place)) ?? nothing(place)
		const wanted = names.length > 0 ? withoutComponents(record.installation, names) : undefined
		return await run(place, "uninstall", {record, wanted})
	})
}

type Wish = {readonly record: Recorded | undefined; readonly wanted: Installation | undefined}

async function run(place: Place, flow: Exclude<Flow, "render">, wish: Wish): Promise<ExitCode> {
	const {session, flags, cluster, release} = place
	const dryRun = flags.dryRun === true
	const head = {flow, engine: "pulumi", release, target: cluster.context, dryRun} as const
	const report = installReport(session, head)
	const result = await resumable(head, report.onEvent, async (onEvent) =>
		carryOut(place, {...wish, flow, onEvent}),
	)
	return await outcome(session, report, result)
}

function nothing({job}: Place): never {
	throw new AbortError("NothingInstalled", `the stack ${job.stack} in ${job.backend} holds no installation`, {
		exit: exit.refused,
		tryMessage: "Name the release with --release, and the backend with --backend.",
	})
}
