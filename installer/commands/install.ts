import {headOf, runFlow} from "../engine/install-flow.ts"
import type {Installation} from "../engine/installation.ts"
import {applySetOf} from "../engine/manifests/apply-set.ts"
import {outcome} from "../engine/outcome.ts"
import {recordedInstallation} from "../engine/recorded.ts"
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
	/** Undefined removes the release. */
	readonly wanted: Installation | undefined
}

/** Brings the cluster to an installation, whichever command asks for it, and reports. */
export async function carryOut(session: Session, flags: Flags, carrying: Carrying): Promise<ExitCode> {
	const request = {session, flags, ...carrying, onEvent: () => {}}
	const report = installReport(session, headOf(request))
	const result = await runFlow({...request, onEvent: report.onEvent})
	return await outcome(session, report, result)
}

export const setOf = ({release = "heddle"}: Flags) => applySetOf(release)
