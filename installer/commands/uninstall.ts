import {withoutComponents} from "../engine/answers.ts"
import {nothingInstalled} from "../engine/nothing-installed.ts"
import {recordedInstallation} from "../engine/recorded.ts"
import type {ExitCode} from "../exit.ts"
import type {Flags} from "../flags.ts"
import {withCluster} from "../flow/cluster.ts"
import type {Session} from "../session.ts"
import {carryOut, setOf} from "./install.ts"

/** Removes a release, or some components of it. */
export async function uninstall(session: Session, flags: Flags, names: readonly string[]): Promise<ExitCode> {
	if (flags.engine === "pulumi")
		return await (await import("../engine/pulumi/install.ts")).uninstallByPulumi(session, flags, names)
	return await withCluster(session, flags, async (cluster) => {
		if (names.length === 0)
			return await carryOut(session, flags, {flow: "uninstall", cluster, wanted: undefined})
		const before = await recordedInstallation(cluster.http, setOf(flags), session.signal)
		const wanted = withoutComponents(before ?? nothingInstalled(setOf(flags)), names)
		return await carryOut(session, flags, {flow: "uninstall", cluster, wanted})
	})
}
