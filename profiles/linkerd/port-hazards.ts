import {satisfies} from "semver"
import {serverFirstPorts} from "../apis/kubernetes/services.ts"
import type {Move} from "../dataplane.ts"
import {annotationOf} from "../pods.ts"
import type {Reason} from "../reason.ts"
import {reason} from "../reasons.ts"
import * as kinds from "../snapshot/kinds.ts"
import {refOf} from "../snapshot/object.ts"
import type {Namespace, Service} from "../snapshot/shapes.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"
import {portRanges, type Ranges} from "./port-ranges.ts"

/** Source: linkerd2:charts/linkerd-control-plane/values.yaml, proxy.opaquePorts */
const opaqueByDefault: Ranges = [25, 587, 3306, 4444, 5432, 6379, 9300, 11211].map((port) => [port, port])
/** Source: https://linkerd.io/2/features/protocol-detection/ */
const protocols = ["http", "kubernetes.io/h2c", "linkerd.io/opaque", "linkerd.io/tcp"]
/** Words for HTTP that Linkerd does not know: what it does not know it carries as opaque bytes. */
const httpByAnotherName = /^(http|http2|h2c|grpc|grpc-web|ws|kubernetes\.io\/ws)$/i

/** Ports of which Linkerd would take the protocol wrongly, or wait in vain to learn it. */
export function portHazards(snapshot: Snapshot, {namespace, to}: Move): readonly Reason[] {
	const own = snapshot.get(kinds.Namespace, namespace)
	// The injector writes a namespace's annotation on its Services when they are made.
	const inherited = own && opaquePorts(own)
	const readsProtocol = to.version === undefined || satisfies(to.version, ">=2.18.0")
	return snapshot.list(kinds.Service, namespace).flatMap((service) => {
		const opaque = opaquePorts(service) ?? inherited ?? opaqueByDefault
		return [
			...serverFirstHazard(service, opaque, readsProtocol),
			...(readsProtocol ? protocolHazard(service) : []),
		]
	})
}

/** The annotation replaces the default, it does not add to it. */
function opaquePorts(object: Namespace | Service): Ranges | undefined {
	const value = annotationOf(object, "config.linkerd.io/opaque-ports")
	return value === undefined ? undefined : portRanges(value)
}

function serverFirstHazard(service: Service, opaque: Ranges, readsProtocol: boolean): readonly Reason[] {
	const silent = serverFirstPorts(service).filter(
		({port, appProtocol}) =>
			!(readsProtocol && appProtocol !== undefined) &&
			!opaque.some(([from, to]) => from <= port && port <= to),
	)
	if (silent.length === 0) return []
	const ref = refOf(service)
	const ports = silent.map(({port, protocol}) => `${port} (${protocol})`).join(", ")
	const message = `${ref} does not say that on ${ports} the server speaks first: connections wait for ten seconds.`
	const fix = "Name the port in config.linkerd.io/opaque-ports on the Service and on the pods."
	return [reason("ServerFirstProtocol", {object: ref, message, fix})]
}

function protocolHazard(service: Service): readonly Reason[] {
	const odd = (service.spec?.ports ?? []).filter(
		({appProtocol = ""}) => !protocols.includes(appProtocol) && httpByAnotherName.test(appProtocol),
	)
	if (odd.length === 0) return []
	const ref = refOf(service)
	const ports = odd.map(({port, appProtocol}) => `${port} (${appProtocol})`).join(", ")
	const message = `${ref} has the appProtocol of ${ports}, which Linkerd carries as opaque bytes.`
	return [reason("AppProtocolOpaqueInLinkerd", {object: ref, message})]
}
