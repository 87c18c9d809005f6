import {encryptionDuty} from "../apis/cilium/duties.ts"
import {lostMeshHazards, mTLSGivenUp} from "../cilium/hazards.ts"
import type {Move} from "../dataplane.ts"
import type {Reason} from "../reason.ts"
import {reason} from "../reasons.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"
import {unenforced} from "./policy-hazards.ts"

export function hazards(snapshot: Snapshot, {namespace}: Move): readonly Reason[] {
	const idle =
		encryptionDuty(snapshot).length > 0
			? []
			: [reason("NoMeshDuty", {message: "GKE Dataplane V2 is the network here and nothing more."})]
	return [
		...idle,
		...lostMeshHazards(snapshot, namespace),
		...mTLSGivenUp(snapshot, namespace),
		...unenforced(snapshot, namespace),
	]
}
