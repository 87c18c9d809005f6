import type {Callee} from "../../policy/request.ts"
import {isHeadless, podsOf, type Surroundings} from "./behind.ts"

const address = "198.51.100.2"

/** Every way to call the pods of a namespace: by each port of each Service, and straight to each of their ports. */
export function calleesIn(namespace: string, around: Surroundings): readonly Callee[] {
	const byService = around.services
		.filter((service) => !isHeadless(service) && Object.keys(service.spec?.selector ?? {}).length > 0)
		.flatMap(({metadata: {name}, spec}) =>
			podsOf(spec?.selector, around).flatMap(({labels, ports}) =>
				(spec?.ports ?? []).map(({port, targetPort = port}) => ({
					namespace,
					labels,
					portNames: ports,
					ip: address,
					port: typeof targetPort === "number" ? targetPort : (ports[targetPort] ?? Number(targetPort)),
					service: {name, port},
				})),
			),
		)
	const straight = around.pods.flatMap(({labels, ports}) => {
		const known = byService.filter((one) => one.labels === labels).map(({port}) => port)
		const own = [...new Set([...Object.values(ports), ...known])]
		return (own.length === 0 ? [1] : own).map((port) => ({
			namespace,
			labels,
			portNames: ports,
			ip: address,
			port,
		}))
	})
	return [...byService, ...straight]
}

/** A port that nothing declares and no Service leads to, as one of metrics or of a debugger may be. */
const undeclared = 65_001

/** Calls to pods at a port of which only a policy for all of their ports says something. */
export const undeclaredPorts = (namespace: string, {pods}: Surroundings): readonly Callee[] =>
	pods.map(({labels, ports}) => ({namespace, labels, portNames: ports, ip: address, port: undeclared}))
