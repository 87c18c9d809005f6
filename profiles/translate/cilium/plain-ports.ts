import {podsOf, type Surroundings} from "../istio/behind.ts"

/** Protocols that Istio carries as bytes. Source: istio.io, Protocol Selection. */
const plain = ["tcp", "tls", "https", "mongo", "mysql", "redis"]

/** The ports of pods of which a Service says that they are no HTTP; appProtocol counts before the name. */
export function plainPortsIn(around: Surroundings): ReadonlySet<number> {
	return new Set(
		around.services.flatMap(({spec}) =>
			(spec?.ports ?? []).flatMap(({port, targetPort = port, name = "", appProtocol}) => {
				const protocol = (appProtocol ?? name.split("-")[0] ?? "").toLowerCase()
				if (!plain.includes(protocol)) return []
				if (typeof targetPort === "number") return [targetPort]
				return podsOf(spec?.selector, around).flatMap(({ports}) => ports[targetPort] ?? [])
			}),
		),
	)
}
