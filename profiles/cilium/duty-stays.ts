import {anetd, networkAgent} from "../apis/cilium/agent.ts"
import {dutiesIn, encryptionDuty, told} from "../apis/cilium/duties.ts"
import type {Reason} from "../reason.ts"
import {reason} from "../reasons.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"

/** What the container network does for a namespace, and would go on doing when it is to be in no mesh at all. */
export function dutyStays(snapshot: Snapshot, namespace: string): readonly Reason[] {
	if (networkAgent(snapshot) === undefined) return []
	const duties = anetd(snapshot) === undefined ? dutiesIn(snapshot, namespace) : encryptionDuty(snapshot)
	return duties.map((duty) => reason("NetworkDutyStays", {object: duty.object, message: `${told(duty)}.`}))
}
