import {type ExitCode, exit} from "../exit.ts"
import type {Flags} from "../flags.ts"
import {requireCrds, withCluster} from "../flow/cluster.ts"
import {setStops} from "../flow/stops.ts"
import type {Session} from "../session.ts"

/** Lets namespaces, or all of a profile, go on where they were stopped. */
export async function resume(
	session: Session,
	flags: Flags,
	namespaces: readonly string[],
): Promise<ExitCode> {
	return await withCluster(session, flags, async (cluster) => {
		await requireCrds(cluster)
		await setStops(session, cluster, {flags, namespaces, stop: false})
		return exit.done
	})
}
