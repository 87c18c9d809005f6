import {checkedInstallation} from "../engine/checked.ts"
import {evaluated} from "../engine/evaluated.ts"
import type {OnInstallEvent} from "../engine/events.ts"
import type {Installation} from "../engine/installation.ts"
import {applySetOf} from "../engine/manifests/apply-set.ts"
import {installManifests} from "../engine/manifests/install.ts"
import {outcome, resumable} from "../engine/outcome.ts"
import {recordedInstallation} from "../engine/recorded.ts"
import {sessionContext} from "../engine/session-context.ts"
import {wantedInstallation} from "../engine/wanted.ts"
import type {ExitCode} from "../exit.ts"
import type {Flags} from "../flags.ts"
import type {Connection} from "../flow/cluster.ts"
import {withCluster} from "../flow/cluster.ts"
import {installReport} from "../report/install-report.ts"
import type {Session} from "../session.ts"

/** Installs what is named beside what is installed already, or all that a file says and nothing else. */
export async function install(session: Session, flags: Flags, names: readonly string[]): Promise<ExitCode> {
	if (flags.engine === "pulumi")
		return await (await import("../engine/pulumi/install.ts")).installByPulumi(session, flags, names)
	return await withCluster(session, flags, async (cluster) => {
		const before = await recordedInstallation(cluster.http, setOf(flags), session.signal)
		const wanted = await wantedInstallation(session, flags, {names, before})
		return await carryOut(session, flags, {flow: "install", cluster, wanted})
	})
}

type Carrying = {
	readonly flow: "install" | "upgrade" | "uninstall"
	readonly cluster: Connection
	readonly wanted: Installation
}

/** Brings the cluster to an installation, whichever command asks for it. */
export async function carryOut(
	session: Session,
	flags: Flags,
	{flow, cluster, wanted}: Carrying,
): Promise<ExitCode> {
	const installation = checkedInstallation(wanted, await cluster.client.serverVersion())
	const report = installReport(session, {
		flow,
		engine: "manifests",
		release: wanted.metadata.name,
		target: cluster.context,
		dryRun: flags.dryRun === true,
	})
	const result = await resumable(flow, report.onEvent, async (onEvent: OnInstallEvent) => {
		const placed = await evaluated(installation, {signal: session.signal, chartDir: flags.chartDir, onEvent})
		const context = sessionContext(session, flags, {cluster, flow, onEvent})
		return await installManifests(context, {installation, placed, adopt: flags.adopt === true})
	})
	return await outcome(session, report, result)
}

export const setOf = ({release = "heddle"}: Flags) => applySetOf(release)
