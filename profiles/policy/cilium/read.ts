import {CiliumNetworkPolicy} from "../../apis/cilium/kinds.ts"
import {labelSelectorAt} from "../../apis/label-selector.ts"
import type {Field} from "../../apis/read.ts"
import {reader} from "../../apis/use.ts"
import {kindIdOf} from "../../snapshot/kinds.ts"
import type {KubeObject} from "../../snapshot/object.ts"
import type {LabelSelector} from "../../snapshot/shapes.ts"
import {refuseOthers} from "../known-fields.ts"

export type HTTPRule = {readonly method?: string; readonly path?: string; readonly host?: string}
export type PortRule = {
	/** First and last port; undefined for all of them. */
	readonly ports: readonly (readonly [first: number, last: number])[] | undefined
	/** Undefined where HTTP is not looked at. */
	readonly http: readonly HTTPRule[] | undefined
}
export type IngressRule = {
	/** Undefined where nothing is said of callers; empty where nobody is meant. */
	readonly endpoints: readonly LabelSelector[] | undefined
	readonly entities: readonly string[] | undefined
	/** Undefined for every port. */
	readonly toPorts: readonly PortRule[] | undefined
	/** It says nothing at all, which admits nobody. */
	readonly empty: boolean
}
export type CiliumPolicy = {
	readonly name: string
	readonly namespace: string
	readonly selector: LabelSelector
	readonly ingress: readonly IngressRule[]
	readonly deny: readonly IngressRule[]
	/** What no rule admits is denied to the pods that it selects. */
	readonly closes: boolean
}

const entities = [
	"all",
	"cluster",
	"world",
	"host",
	"remote-node",
	"kube-apiserver",
	"health",
	"ingress",
] as const

/**
 * The ingress of a CiliumNetworkPolicy, as far as pods may be the callers. What these evaluators do not understand is
 * a fault, such as `fromRequires`, `authentication` or headers.
 * Source: https://docs.cilium.io/en/stable/security/policy/language/
 */
export const readCiliumPolicy = reader((spec, object): CiliumPolicy => {
	refuseOthers(spec, [
		"endpointSelector",
		"ingress",
		"ingressDeny",
		"egress",
		"egressDeny",
		"enableDefaultDeny",
		"description",
		"labels",
	])
	const ingress = spec.at("ingress")
	const denied = spec.at("ingressDeny")
	return {
		name: object.metadata.name,
		namespace: object.metadata.namespace ?? "",
		selector: selectorOf(spec.at("endpointSelector")),
		ingress: ingress.items().map(ruleOf),
		deny: denied.items().map(ruleOf),
		closes:
			spec.at("enableDefaultDeny").at("ingress").flag() ??
			(ingress.items().length > 0 || denied.items().length > 0),
	}
})

function ruleOf(rule: Field): IngressRule {
	refuseOthers(rule, ["fromEndpoints", "fromEntities", "toPorts"])
	const list = <T>(key: string, read: (field: Field) => T): readonly T[] | undefined =>
		rule.at(key).present ? rule.at(key).items().map(read) : undefined
	return {
		endpoints: list("fromEndpoints", selectorOf),
		entities: list("fromEntities", (one) => one.word(entities) ?? ""),
		toPorts: list("toPorts", portRuleOf),
		empty: rule.entries().length === 0,
	}
}

function selectorOf(field: Field): LabelSelector {
	refuseOthers(field, ["matchLabels", "matchExpressions"])
	return labelSelectorAt(field)
}

function portRuleOf(field: Field): PortRule {
	refuseOthers(field, ["ports", "rules"])
	refuseOthers(field.at("rules"), ["http"])
	const ports = field
		.at("ports")
		.items()
		.map((one) => {
			refuseOthers(one, ["port", "endPort", "protocol"])
			one.at("protocol").word(["ANY", "TCP"])
			const text = one.at("port").text() ?? "0"
			if (!/^\d+$/.test(text)) one.at("port").word([])
			return [Number(text), one.at("endPort").integer() ?? Number(text)] as const
		})
	const http = field.at("rules").at("http")
	return {
		ports: ports.length === 0 || ports.some(([first]) => first === 0) ? undefined : ports,
		http: http.present ? http.items().map(httpOf) : undefined,
	}
}

function httpOf(field: Field): HTTPRule {
	refuseOthers(field, ["method", "path", "host"])
	const [method, path, host] = ["method", "path", "host"].map((key) => field.at(key).text())
	return {
		...(method === undefined ? {} : {method}),
		...(path === undefined ? {} : {path}),
		...(host === undefined ? {} : {host}),
	}
}

export const ciliumPoliciesIn = (objects: readonly KubeObject[]): readonly CiliumPolicy[] =>
	objects
		.filter((object) => kindIdOf(object) === CiliumNetworkPolicy.id)
		.map((object) => readCiliumPolicy(object).value)
