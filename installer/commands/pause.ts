import {type ExitCode, exit} from "../exit.ts"
import type {Flags} from "../flags.ts"
import {requireCrds, withCluster} from "../flow/cluster.ts"
import {setStops} from "../flow/stops.ts"
import type {Session} from "../session.ts"

/** Lets nothing new start in namespaces, or in all of a profile; what is rolling finishes. */
export async function pause(
	session: Session,
	flags: Flags,
	namespaces: readonly string[],
): Promise<ExitCode> {
	return await withCluster(session, flags, async (cluster) => {
		await requireCrds(cluster)
		await setStops(session, cluster, {flags, namespaces, stop: true})
		return exit.done
	})
}
