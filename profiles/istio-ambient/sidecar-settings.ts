import {ServiceEntry} from "../apis/istio/kinds.ts"
import {hasExcludedPorts} from "../apis/istio/leaving.ts"
import {tlsOriginatedBy} from "../apis/istio/tls-origination.ts"
import {labelOf} from "../pods.ts"
import type {Reason} from "../reason.ts"
import {reason} from "../reasons.ts"
import * as kinds from "../snapshot/kinds.ts"
import {type KubeObject, refOf} from "../snapshot/object.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"
import {templatesIn} from "../workloads.ts"

/** What sidecars do for a pod, and ztunnel does not. */
export function sidecarSettingHazards(snapshot: Snapshot, namespace: string): readonly Reason[] {
	return [...originationHazards(snapshot, namespace), ...excludedPortHazards(snapshot, namespace)]
}

/** A waypoint applies these rules to calls that go through it; whether it stands before the host is its owner's matter. */
function originationHazards(snapshot: Snapshot, namespace: string): readonly Reason[] {
	if (usesSomeWaypoint(snapshot, namespace)) return []
	return tlsOriginatedBy(snapshot, namespace).map((object) => {
		const message = `${refOf(object)} makes sidecars speak TLS to a host in the application's stead; ztunnel does not, and no waypoint is in use.`
		return reason("TLSOriginationLost", {object: refOf(object), message})
	})
}

function usesSomeWaypoint(snapshot: Snapshot, namespace: string): boolean {
	const holders: readonly (KubeObject | undefined)[] = [
		snapshot.get(kinds.Namespace, namespace),
		...snapshot.list(kinds.Service, namespace),
		...snapshot.list(ServiceEntry, namespace),
	]
	return holders.some(
		(one) => one !== undefined && (labelOf(one, "istio.io/use-waypoint") ?? "none") !== "none",
	)
}

/** Ports that went past the sidecar go through ztunnel: plaintext to them is refused where mTLS is strict. */
function excludedPortHazards(snapshot: Snapshot, namespace: string): readonly Reason[] {
	return templatesIn(snapshot, namespace)
		.filter(hasExcludedPorts)
		.map(({object}) => {
			const message = `${refOf(object)} has annotations traffic.sidecar.istio.io: what they lead past the sidecar goes through ztunnel in ambient.`
			return reason("SidecarExclusionIgnored", {object: refOf(object), message})
		})
}
