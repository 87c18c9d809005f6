import type {Field} from "../apis/read.ts"
import {reader} from "../apis/use.ts"
import type {KubeObject} from "../snapshot/object.ts"
import type {Service} from "../snapshot/shapes.ts"
import {type Backend, ordered} from "./request.ts"

/** What routes lead to: Services, and the DestinationRules that people or Heddle wrote for them. */
export type RouteWorld = {
	readonly services: readonly Service[]
	readonly rules: readonly KubeObject[]
}

/** `cart`, `cart.shop.svc` or `cart.shop.svc.cluster.local`, as Istio resolves it in an object of this namespace. */
export function serviceOfHost(host: string, own: string): {name: string; namespace: string} | undefined {
	const [name = "", namespace = own, svc, ...domain] = host.split(".")
	if (name === "" || name.includes("*")) return undefined
	if (svc === undefined) return host.includes(".") ? undefined : {name, namespace}
	return svc === "svc" && (domain.length === 0 || domain.join(".") === "cluster.local")
		? {name, namespace}
		: undefined
}

export const serviceNamed = (
	{services}: RouteWorld,
	{name, namespace}: {readonly name: string; readonly namespace: string},
): Service | undefined =>
	services.find(({metadata}) => metadata.name === name && metadata.namespace === namespace)

export type Subset = {
	readonly name: string
	readonly labels: Readonly<Record<string, string>>
	readonly policy?: Readonly<Record<string, unknown>>
	readonly path: string
}

export type Rule = {
	readonly object: KubeObject
	readonly policy?: Readonly<Record<string, unknown>>
	readonly subsets: readonly Subset[]
	/** It holds for some callers alone. */
	readonly partial: boolean
}

const policyIn = (field: Field) =>
	field.present ? {policy: JSON.parse(field.canonical()) as Record<string, unknown>} : {}

const readRule = reader((spec, {metadata: {namespace = ""}}) => ({
	about: serviceOfHost(spec.at("host").text() ?? "", namespace),
	...policyIn(spec.at("trafficPolicy")),
	subsets: spec
		.at("subsets")
		.items()
		.map((subset) => ({
			name: subset.at("name").text() ?? "",
			labels: subset.at("labels").stringMap(),
			...policyIn(subset.at("trafficPolicy")),
			path: subset.path,
		})),
	partial: spec.at("workloadSelector").present || spec.at("exportTo").texts().length > 0,
}))

/** The DestinationRules of the namespace of a Service that are about it. */
export const rulesFor = (
	{rules}: RouteWorld,
	{name, namespace}: {readonly name: string; readonly namespace: string},
): readonly Rule[] =>
	rules
		.filter(({metadata}) => metadata.namespace === namespace)
		.flatMap((object) => {
			const {about, ...rest} = readRule(object).value
			return about?.name === name && about.namespace === namespace ? [{object, ...rest}] : []
		})

type Wanted = {
	readonly service: {readonly name: string; readonly namespace: string}
	readonly port: number
	readonly subset?: string
}

/** The pods behind a port of a Service or of a subset of it; undefined where there is no such thing. */
export function backendOf(world: RouteWorld, {service, port, subset}: Wanted): Backend | undefined {
	const found = serviceNamed(world, service)
	const listed = found?.spec?.ports?.find((one) => one.port === port)
	if (found === undefined || listed === undefined) return undefined
	const rules = rulesFor(world, service)
	const part = rules.flatMap(({subsets}) => subsets).find(({name}) => name === subset)
	if (subset !== undefined && part === undefined) return undefined
	const policy = {...rules.find((one) => one.policy !== undefined)?.policy, ...part?.policy}
	return {
		namespace: service.namespace,
		selector: ordered({...found.spec?.selector, ...part?.labels}),
		port: listed.targetPort ?? listed.port,
		...(Object.keys(policy).length === 0
			? {}
			: {policy: JSON.stringify(Object.entries(policy).sort(([a], [b]) => (a < b ? -1 : 1)))}),
	}
}
