import {clientIPHazards, servesUDP} from "./apis/kubernetes/services.ts"
import type {Reason} from "./reason.ts"
import {reason} from "./reasons.ts"
import {refOf} from "./snapshot/object.ts"
import type {Snapshot} from "./snapshot/snapshot.ts"
import {templatesIn} from "./workloads.ts"

/** What no mesh captures, and what of Kubernetes' own load balancing ends where a mesh's begins. */
export function serviceHazards(snapshot: Snapshot, namespace: string): readonly Reason[] {
	const udp = servesUDP(snapshot, namespace).map((server) =>
		reason("UDPNotCaptured", {
			object: refOf(server),
			message: `UDP ports of ${refOf(server)} bypass the dataplane.`,
		}),
	)
	const host = templatesIn(snapshot, namespace)
		.filter(({template}) => template.spec?.hostNetwork === true)
		.map(({object}) =>
			reason("HostNetworkNotCaptured", {
				object: refOf(object),
				message: `${refOf(object)} is on the host's network and stays out.`,
			}),
		)
	return [...udp, ...host, ...clientIPHazards(snapshot, namespace)]
}
