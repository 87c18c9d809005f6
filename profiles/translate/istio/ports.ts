import {selects} from "../../pods.ts"
import type {Service} from "../../snapshot/shapes.ts"
import {type PodShape, podsOf, type Surroundings} from "./behind.ts"

type Mapping = {readonly service: string; readonly pods: readonly (string | undefined)[]}

/** Each port of a Service with the ports of the pods that it leads to; undefined for a name that no pod has. */
function mappings(services: readonly Service[], around: Surroundings): readonly Mapping[] {
	return services.flatMap(({spec}) =>
		(spec?.ports ?? []).map(({port, targetPort = port}) => ({
			service: String(port),
			pods:
				typeof targetPort === "number" || /^\d+$/.test(targetPort)
					? [String(targetPort)]
					: podsOf(spec?.selector, around).map(({ports}) =>
							ports[targetPort] === undefined ? undefined : String(ports[targetPort]),
						),
		})),
	)
}

/**
 * The ports by which a rule about ports of pods says the same at a waypoint; undefined where it cannot. A waypoint
 * sees a request before it knows the pod. That it compares the port of the Service is what its listeners suggest and
 * no page says: so the answer is one that holds whether it compares the Service's port or the pod's.
 */
export function portsAtWaypoint(
	ports: readonly string[],
	services: readonly Service[],
	around: Surroundings,
): readonly string[] | undefined {
	const all = mappings(services, around)
	const isMeant = ({pods}: Mapping) => pods.some((one) => one !== undefined && ports.includes(one))
	const wanted = [...new Set([...ports, ...all.filter(isMeant).map(({service}) => service)])]
	const sure = all.every((one) =>
		[one.service, ...one.pods].every((port) => port !== undefined && wanted.includes(port) === isMeant(one)),
	)
	return sure ? wanted : undefined
}

/** The other way round: the ports of pods by which a rule at a waypoint says the same at a sidecar. */
export function portsAtPods(
	ports: readonly string[],
	services: readonly Service[],
	around: Surroundings,
): readonly string[] | undefined {
	const all = mappings(services, around)
	const isMeant = ({service}: Mapping) => ports.includes(service)
	const wanted = [...new Set(all.filter(isMeant).flatMap(({pods}) => pods))].filter(
		(one) => one !== undefined,
	)
	const sure = all.every((one) =>
		one.pods.every(
			(pod) =>
				pod !== undefined && ports.includes(pod) === isMeant(one) && wanted.includes(pod) === isMeant(one),
		),
	)
	return sure ? wanted : undefined
}

/** The ports of a pod at which any of these Services leads to it, in order. */
export function portsLedTo(pod: PodShape, services: readonly Service[]): readonly string[] {
	const leading = services.filter(({spec}) => selects({matchLabels: spec?.selector ?? {}}, pod.labels))
	const found = mappings(leading, {services: leading, pods: [pod]}).flatMap(({pods}) => pods)
	return [...new Set(found)].filter((one) => one !== undefined).sort()
}
