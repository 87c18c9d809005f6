import {type ExitCode, exit} from "../exit.ts"
import type {Flags} from "../flags.ts"
import {requireCrds, withCluster} from "../flow/cluster.ts"
import {setStops} from "../flow/stops.ts"
import type {Session} from "../session.ts"

type Wish = {
	readonly namespaces: readonly string[]
	/** Lets nothing new start, and what is rolling finish; false lets it go on from there. */
	readonly stop: boolean
}

/** `pause` and `resume`: of namespaces, or of all of a profile. */
export async function setStop(session: Session, flags: Flags, wish: Wish): Promise<ExitCode> {
	return await withCluster(session, flags, async (cluster) => {
		await requireCrds(cluster)
		await setStops(session, cluster, {flags, ...wish})
		return exit.done
	})
}
