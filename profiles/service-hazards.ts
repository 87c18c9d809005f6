import type {Reason} from "./reason.ts"
import {reason} from "./reasons.ts"
import * as kinds from "./snapshot/kinds.ts"
import {refOf} from "./snapshot/object.ts"
import type {Snapshot} from "./snapshot/snapshot.ts"
import {templatesIn} from "./workloads.ts"

/** What neither sidecars nor ztunnel capture. */
export function uncapturedHazards(snapshot: Snapshot, namespace: string): readonly Reason[] {
	const udp = snapshot
		.list(kinds.Service, namespace)
		.filter(({spec}) => (spec?.ports ?? []).some(({protocol}) => protocol === "UDP"))
		.map((service) =>
			reason("UDPNotCaptured", {
				object: refOf(service),
				message: `UDP ports of ${refOf(service)} bypass the dataplane.`,
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
	return [...udp, ...host]
}
