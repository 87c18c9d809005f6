import {Gateway} from "../apis/gateway-api/kinds.ts"
import type {TargetRef} from "../apis/istio/scope.ts"
import {labelOf} from "../pods.ts"
import * as kinds from "../snapshot/kinds.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"

const useWaypoint = "istio.io/use-waypoint"

/** Why a policy with this target has no waypoint that would enforce it; undefined when it has one. */
export function missingWaypoint(snapshot: Snapshot, namespace: string, ref: TargetRef): string | undefined {
	if (ref.kind === "GatewayClass") return undefined
	if (ref.kind === "Gateway") return unprogrammed(snapshot, namespace, ref.name)
	if (ref.kind !== "Service") return undefined
	const service = snapshot.get(kinds.Service, ref.name, namespace)
	if (service === undefined) return `there is no Service ${ref.name}`
	const holder = [service, snapshot.get(kinds.Namespace, namespace)].find(
		(object) => object && labelOf(object, useWaypoint) !== undefined,
	)
	const name = holder && labelOf(holder, useWaypoint)
	if (holder === undefined || name === undefined || name === "none")
		return `the Service ${ref.name} uses no waypoint`
	return unprogrammed(snapshot, labelOf(holder, `${useWaypoint}-namespace`) ?? namespace, name)
}

function unprogrammed(snapshot: Snapshot, namespace: string, name: string): string | undefined {
	const gateway = snapshot.get(Gateway, name, namespace)
	if (gateway === undefined) return `there is no Gateway ${namespace}/${name}`
	const programmed = (gateway.status?.conditions ?? []).some(
		({type, status}) => type === "Programmed" && status === "True",
	)
	return programmed ? undefined : `the Gateway ${namespace}/${name} is not Programmed`
}
