import {classify} from "../../profiles/classify.ts"
import {dataplanes} from "../../profiles/registry.ts"
import {Pod} from "../../profiles/snapshot/kinds.ts"
import type {Snapshot} from "../../profiles/snapshot/snapshot.ts"
import type {Installation} from "../engine/installation.ts"
import {nothingInstalled} from "../engine/nothing-installed.ts"
import {recordedInstallation} from "../engine/recorded.ts"
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

/** By the evidence of pods; where they may not be read, every revision counts as used. */
function revisionsInUse(snapshot: Snapshot, installation: Installation): ReadonlySet<string> {
	if (!snapshot.knows(Pod)) return new Set(everyRevision(installation))
	const found = snapshot.list(Pod).flatMap((pod) => classify(pod, snapshot, dataplanes).revision ?? [])
	return new Set(found)
}

type Plane = {readonly revision?: unknown; readonly keep?: unknown}

function everyRevision({spec}: Installation): string[] {
	const planes = Object.values(spec.components) as Plane[]
	return planes
		.flatMap(({revision, keep}) => [revision, ...((keep ?? []) as Plane[]).map((one) => one.revision)])
		.map(String)
}
