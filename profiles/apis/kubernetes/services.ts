import {annotationOf, containersOf, proxyOf} from "../../pods.ts"
import type {Reason} from "../../reason.ts"
import {reason} from "../../reasons.ts"
import * as kinds from "../../snapshot/kinds.ts"
import {type KubeObject, refOf} from "../../snapshot/object.ts"
import type {Pod, Service} from "../../snapshot/shapes.ts"
import type {Snapshot} from "../../snapshot/snapshot.ts"
import {templatesIn} from "../../workloads.ts"
import {reader} from "../use.ts"

/**
 * Who in a namespace serves UDP: its Services, or, where none says so, the workloads whose containers name UDP ports.
 * A namespace that only asks DNS serves none.
 */
export function servesUDP(snapshot: Snapshot, namespace: string): readonly KubeObject[] {
	const services = snapshot.list(kinds.Service, namespace).filter(({spec}) => (spec?.ports ?? []).some(isUDP))
	if (services.length > 0) return services
	return templatesIn(snapshot, namespace)
		.filter(({template}) => template.spec?.hostNetwork !== true)
		.filter(({template}) => containersOf(template.spec).some(({ports}) => (ports ?? []).some(isUDP)))
		.map(({object}) => object)
}

const isUDP = ({protocol}: {readonly protocol?: string}) => protocol === "UDP"

/** Services by which callers from outside of the cluster come; they are in no mesh. */
export const openToOutside = (snapshot: Snapshot, namespace: string): readonly Service[] =>
	snapshot
		.list(kinds.Service, namespace)
		.filter(({spec}) => spec?.type === "LoadBalancer" || spec?.type === "NodePort")

/** Ports of well-known protocols in which the server speaks first. */
const serverFirst: Readonly<Record<number, string>> = {21: "FTP", 25: "SMTP", 587: "SMTP", 3306: "MySQL"}

export type ServerFirstPort = {
	readonly port: number
	readonly protocol: string
	readonly name?: string
	readonly appProtocol?: string
}

/** The TCP ports of a Service on which the server is known to speak first, with what the Service says of them. */
export function serverFirstPorts({spec}: Service): readonly ServerFirstPort[] {
	return (spec?.ports ?? []).flatMap(({port, protocol, name, appProtocol}) => {
		const known = protocol === "UDP" ? undefined : serverFirst[port]
		if (known === undefined) return []
		return [
			{
				port,
				protocol: known,
				...(name === undefined ? {} : {name}),
				...(appProtocol === undefined ? {} : {appProtocol}),
			},
		]
	})
}

const readAffinity = reader((spec) => spec.at("sessionAffinity").text())

/**
 * `sessionAffinity: ClientIP` is kept by kube-proxy. A mesh's own load balancing does not look at it (istio/ztunnel#450,
 * open), so pods that enter a mesh lose it; those that are in one have lost it already.
 */
export function clientIPHazards(snapshot: Snapshot, namespace: string): readonly Reason[] {
	const sticky = snapshot
		.list(kinds.Service, namespace)
		.filter((service) => readAffinity(service).value === "ClientIP" && service.spec?.clusterIP !== "None")
	if (sticky.length === 0 || isBalancedByMesh(snapshot, namespace)) return []
	return sticky.map((service) => {
		const message = `${refOf(service)} keeps clients at one pod by sessionAffinity ClientIP, which callers in a mesh do not look at.`
		return reason("ClientIPAffinityIgnored", {object: refOf(service), message})
	})
}

function isBalancedByMesh(snapshot: Snapshot, namespace: string): boolean {
	const pods = snapshot.list(kinds.Pod, namespace)
	return pods.length > 0 && pods.every(isBehindProxy)
}

const redirections = ["ambient.istio.io/redirection", "kmesh.net/redirection"]

const isBehindProxy = (pod: Pod): boolean =>
	["istio-proxy", "linkerd-proxy"].some((name) => proxyOf(pod, name) !== undefined) ||
	redirections.some((key) => annotationOf(pod, key) === "enabled")
