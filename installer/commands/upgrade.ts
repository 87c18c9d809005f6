import {nothingInstalled} from "../engine/nothing-installed.ts"
import {recordedInstallation} from "../engine/recorded.ts"
import {revisionsInUse} from "../engine/revisions-in-use.ts"
import {upgraded} from "../engine/upgraded.ts"
import type {ExitCode} from "../exit.ts"
import type {Flags} from "../flags.ts"
import {withCluster} from "../flow/cluster.ts"
import {readCluster} from "../input/cluster.ts"
import type {Session} from "../session.ts"
import {carryOut, setOf} from "./install.ts"

/** Brings components to newer versions; what pods still use stays beside. */
export async function upgrade(session: Session, flags: Flags, names: readonly string[]): Promise<ExitCode> {
	if (flags.engine === "pulumi")
		return await (await import("../engine/pulumi/install.ts")).upgradeByPulumi(session, flags, names)
	return await withCluster(session, flags, async (cluster) => {
		const before =
			(await recordedInstallation(cluster.http, setOf(flags), session.signal)) ??
			nothingInstalled(setOf(flags))
		const {snapshot} = await readCluster(session, cluster.client, [])
		const inUse = revisionsInUse(snapshot, before)
		return await carryOut(session, flags, {
			flow: "upgrade",
			cluster,
			wanted: upgraded(before, {names, to: flags.to, inUse}),
		})
	})
}
