import {type RouteWorld, rulesFor, serviceNamed, serviceOfHost} from "../../routing/backends.ts"
import type {Destination} from "../../routing/read-virtual-service.ts"
import type {StringMap} from "../../snapshot/object.ts"
import type {Service} from "../../snapshot/shapes.ts"
import type {FieldVerdict} from "../types.ts"

export type Surrounding = {
	readonly world: RouteWorld
	readonly namespace: string
	/** Pods of these labels are there, or are going to be made by a template. */
	readonly hasPods: (labels: StringMap) => boolean
}

/** A subset of a Service that a route leads to, which gets a Service of its own. */
export type Version = {readonly service: string; readonly subset: string}

export type Led = {
	readonly ref?: {readonly name: string; readonly port: number}
	readonly version?: Version
	readonly field: FieldVerdict
}

export const versionName = ({service, subset}: Version): string => `heddle-${service}-${subset}`.toLowerCase()

/** A name that a Service may have. */
const label = /^[a-z]([-a-z0-9]*[a-z0-9])?$/

/** A destination as a backend of an HTTPRoute in the same namespace. */
export function ledTo(destination: Destination, around: Surrounding): Led {
	const {host, subset, path} = destination
	const blocked = (note: string): Led => ({field: {path, verdict: "blocked", note}})
	const found = serviceOfHost(host, around.namespace)
	const service = found && serviceNamed(around.world, found)
	if (found === undefined || service === undefined) return blocked(`there is no Service for the host ${host}`)
	if (found.namespace !== around.namespace)
		return blocked(`${host} is in another namespace, whose owner has to grant the reference`)
	const ports = service.spec?.ports ?? []
	const port = destination.port ?? (ports.length === 1 ? ports[0]?.port : undefined)
	if (port === undefined)
		return blocked(`the Service ${found.name} has several ports: name one by destination.port.number`)
	if (!ports.some((one) => one.port === port)) return blocked(`the Service ${found.name} has no port ${port}`)
	if (service.spec?.type === "ExternalName") return blocked(`${found.name} is a name outside of the cluster`)
	if (subset === undefined) return {ref: {name: found.name, port}, field: {path, verdict: "exact"}}
	const version = {service: found.name, subset}
	const wrong = wrongVersion(version, service, around)
	if (wrong !== undefined) return blocked(wrong)
	const name = versionName(version)
	const note = `by the Service ${name} of its own`
	return {ref: {name, port}, version, field: {path: `${path}.subset`, verdict: "exact", note}}
}

function wrongVersion(
	version: Version,
	service: Service,
	{world, namespace, hasPods}: Surrounding,
): string | undefined {
	const rules = rulesFor(world, {name: version.service, namespace})
	const [rule] = rules
	if (rule === undefined) return `no DestinationRule tells what the subset ${version.subset} is`
	if (rules.length > 1) return `several DestinationRules are about ${version.service}`
	const subset = rule.subsets.find(({name}) => name === version.subset)
	if (subset === undefined)
		return `the DestinationRule ${rule.object.metadata.name} has no subset ${version.subset}`
	if (rule.partial) return `the DestinationRule ${rule.object.metadata.name} is not for every caller`
	if (Object.keys(service.spec?.selector ?? {}).length === 0)
		return `the Service ${version.service} does not select its pods`
	// A policy of the waypoint names the Services of the pods that there are: it would not hold for this one later.
	if (!hasPods({...service.spec?.selector, ...subset.labels}))
		return `no pod has the labels of the subset ${version.subset}`
	const name = versionName(version)
	return label.test(name) && name.length <= 63 ? undefined : `${name} cannot be the name of a Service`
}
