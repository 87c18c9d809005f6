import * as kinds from "../../snapshot/kinds.ts"
import type {KubeObject} from "../../snapshot/object.ts"
import type {Snapshot} from "../../snapshot/snapshot.ts"
import {joined, reader, type Trait, type Use, type Uses, usesOf} from "../use.ts"
import {jobsHeldBySidecars} from "./jobs.ts"
import {servesUDP} from "./services.ts"

/**
 * What a namespace makes use of by Kubernetes' own objects. A NetworkPolicy's egress is not among it: it knows
 * addresses and no names, so it is no EgressByFQDN.
 */
export function features(snapshot: Snapshot, namespace: string): Uses {
	return joined([
		usesOf(snapshot.list(kinds.Service, namespace), readService, serviceTraits),
		{uses: servesUDP(snapshot, namespace).map(byNetwork), reasons: []},
		{uses: [], reasons: jobsHeldBySidecars(snapshot, namespace)},
	])
}

/**
 * UDP counts where the namespace itself serves it; asking DNS is no use of it. Meshes let it pass by beside them, and
 * it stays with the container network wherever the namespace goes. Who wants it captured says so in `requires`.
 */
const byNetwork = (object: KubeObject): Use => ({
	name: "UDPCapture",
	object,
	note: "served by the namespace; it passes a mesh by",
	carrier: "cni",
})

/** The two names of Kubernetes' hints, and Istio's own for clusters without the field. */
const hints = [
	"service.kubernetes.io/topology-mode",
	"service.kubernetes.io/topology-aware-hints",
	"networking.istio.io/traffic-distribution",
] as const

const readService = reader((spec, object) => ({
	distribution: spec.at("trafficDistribution").text(),
	hint: hints.find((key) => isOn(object, key)),
}))

function isOn({metadata}: KubeObject, key: string): boolean {
	const value = metadata.annotations?.[key]?.toLowerCase()
	return value !== undefined && value !== "" && value !== "disabled" && value !== "any"
}

type ServiceView = ReturnType<typeof readService>["value"]

function serviceTraits({distribution, hint}: ServiceView): readonly Trait[] {
	const by = distribution === undefined ? hint : `trafficDistribution: ${distribution}`
	return by === undefined ? [] : [{name: "ZoneAwareLoadBalancing", note: `by ${by}`}]
}
