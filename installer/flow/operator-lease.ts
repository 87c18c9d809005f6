import {isForbidden} from "../../operator/kube/errors.ts"
import type {Client} from "../../operator/kube/types.ts"
import {namespaced} from "../../profiles/snapshot/kinds.ts"
import type {KubeObject} from "../../profiles/snapshot/object.ts"
import {AbortError} from "../abort.ts"
import {exit} from "../exit.ts"
import type {Session} from "../session.ts"

type LeaseObject = KubeObject & {
	readonly spec?: {
		readonly holderIdentity?: string
		readonly renewTime?: string
		readonly leaseDurationSeconds?: number
	}
}
const Lease = namespaced<LeaseObject>("coordination.k8s.io", "v1", "Lease", "leases")

/** Who holds the operator's Lease right now; undefined when nobody does. @throws KubeError */
export async function heldLease(client: Client, signal: AbortSignal): Promise<string | undefined> {
	const {items} = await client.list(Lease, {fieldSelector: "metadata.name=heddle-operator", signal})
	return items.find((lease) => isHeld(lease, Date.now()))?.spec?.holderIdentity
}

/** @throws AbortError when no operator holds its Lease, since then nothing would happen */
export async function requireOperator(session: Session, client: Client): Promise<void> {
	try {
		if ((await heldLease(client, session.signal)) !== undefined) return
	} catch (error) {
		if (!isForbidden(error)) throw error
		return session.say("‼ the Leases may not be read, so whether an operator runs is unknown")
	}
	throw new AbortError(
		"OperatorNotRunning",
		"no operator runs in this cluster: none holds the Lease heddle-operator",
		{
			exit: exit.refused,
			tryMessage: "Start one beside the cluster, in another terminal, or install it in the cluster.",
			nextSteps: ["heddle operator --install-crds"],
		},
	)
}

/** A holder that stopped renewing is gone; twice its time allows for clocks that differ. */
export function isHeld({spec}: LeaseObject, now: number): boolean {
	if (!spec?.holderIdentity || spec.renewTime === undefined) return false
	return now - Date.parse(spec.renewTime) < 2000 * (spec.leaseDurationSeconds ?? 15)
}
