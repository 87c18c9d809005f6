import {CiliumClusterwideNetworkPolicy, CiliumNetworkPolicy} from "../../apis/cilium/kinds.ts"
import {labelSelectorAt} from "../../apis/label-selector.ts"
import {Field, type Reading} from "../../apis/read.ts"
import {kindIdOf} from "../../snapshot/kinds.ts"
import type {KubeObject} from "../../snapshot/object.ts"
import type {LabelSelector} from "../../snapshot/shapes.ts"
import {isBlock} from "../blocks.ts"
import {refuseOthers} from "../known-fields.ts"
import {type PortRule, portRuleOf} from "./ports.ts"

export type Direction = "ingress" | "egress"

/** Of several lists each admits; an absent one says nothing. */
export type CiliumPeers = {
	readonly endpoints?: readonly LabelSelector[]
	readonly entities?: readonly string[]
	readonly blocks?: readonly {readonly cidr: string; readonly except: readonly string[]}[]
	/** Names in DNS, which lead out of the cluster. No evaluator knows to which addresses. */
	readonly fqdns?: true
}
export type CiliumRule = {
	/** Undefined where nothing is said of peers, which means everyone. */
	readonly peers: CiliumPeers | undefined
	/** Undefined for every port of every protocol. */
	readonly toPorts: readonly PortRule[] | undefined
	/** It says nothing at all, or speaks of ICMP alone: then it holds for no connection. */
	readonly idle: boolean
}
/** One rule of a CiliumNetworkPolicy or a clusterwide one, in the words of Cilium's API: what its `spec` says. */
export type CiliumPolicy = {
	readonly kind: string
	readonly name: string
	/** Undefined for a clusterwide policy. */
	readonly namespace: string | undefined
	readonly selector: LabelSelector
	readonly allow: Readonly<Record<Direction, readonly CiliumRule[]>>
	readonly deny: Readonly<Record<Direction, readonly CiliumRule[]>>
	/** What no rule admits is denied to the pods that it selects. */
	readonly closes: Readonly<Record<Direction, boolean>>
}

const known = new WeakMap<KubeObject, Reading<readonly CiliumPolicy[]>>()

/**
 * What a CiliumNetworkPolicy or a clusterwide one says of pods, in its `spec` and in each of its `specs`. What these
 * evaluators do not understand is a fault, such as `authentication`, groups of a cloud, nodes by their labels, or a
 * rule for another protocol than HTTP. Rules for nodes say nothing of pods, and are left out.
 * Sources: https://docs.cilium.io/en/stable/security/policy/language/; cilium:pkg/policy/api
 */
export function readCiliumPolicy(object: KubeObject): Reading<readonly CiliumPolicy[]> {
	const found = known.get(object) ?? policiesOf(object)
	known.set(object, found)
	return found
}

function policiesOf(object: KubeObject): Reading<readonly CiliumPolicy[]> {
	const faults: string[] = []
	const {spec, specs} = object as {readonly spec?: unknown; readonly specs?: unknown}
	const all = [new Field("spec", spec, faults), ...new Field("specs", specs, faults).items()]
	const value = all
		.filter((one) => one.present && !one.at("nodeSelector").present)
		.map((one) => policyOf(one, object))
	return {value, faults}
}

const directions = ["ingress", "egress"] as const

function policyOf(spec: Field, {kind, metadata}: KubeObject): CiliumPolicy {
	refuseOthers(spec, [
		"endpointSelector",
		...directions.flatMap((one) => [one, `${one}Deny`]),
		"enableDefaultDeny",
		"description",
		"labels",
		"log",
	])
	const each = <T>(of: (direction: Direction) => T): Readonly<Record<Direction, T>> => ({
		ingress: of("ingress"),
		egress: of("egress"),
	})
	const rules = (key: string, direction: Direction) =>
		spec
			.at(key)
			.items()
			.map((rule) => ruleOf(rule, direction))
	return {
		kind,
		name: metadata.name,
		namespace: metadata.namespace,
		selector: selectorOf(spec.at("endpointSelector")),
		allow: each((direction) => rules(direction, direction)),
		deny: each((direction) => rules(`${direction}Deny`, direction)),
		closes: each(
			(direction) =>
				spec.at("enableDefaultDeny").at(direction).flag() ??
				(spec.at(direction).items().length > 0 || spec.at(`${direction}Deny`).items().length > 0),
		),
	}
}

function ruleOf(rule: Field, direction: Direction): CiliumRule {
	const side = direction === "ingress" ? "from" : "to"
	const keys = ["Endpoints", "Entities", "CIDR", "CIDRSet"].map((key) => `${side}${key}`)
	const all = direction === "egress" ? [...keys, "toFQDNs"] : keys
	refuseOthers(rule, [...all, "toPorts", "icmps"])
	const toPorts = rule.at("toPorts")
	const speaksOfICMP = rule.at("icmps").items().length > 0
	return {
		peers: peersOf(rule, side),
		toPorts: toPorts.items().length > 0 ? toPorts.items().map(portRuleOf) : undefined,
		idle: speaksOfICMP || (toPorts.items().length === 0 && !all.some((key) => rule.at(key).present)),
	}
}

function peersOf(rule: Field, side: "from" | "to"): CiliumPeers | undefined {
	const [endpoints, named, cidrs, sets] = ["Endpoints", "Entities", "CIDR", "CIDRSet"].map((key) =>
		rule.at(`${side}${key}`),
	) as [Field, Field, Field, Field]
	const peers: CiliumPeers = {
		...(endpoints.present ? {endpoints: endpoints.items().map(selectorOf)} : {}),
		...(named.present ? {entities: named.items().flatMap((one) => one.word(entities) ?? [])} : {}),
		...(cidrs.present || sets.present
			? {
					blocks: [
						...cidrs.items().map((one) => ({cidr: blockAt(one), except: []})),
						...sets.items().map(blockWithExceptions),
					],
				}
			: {}),
		...(rule.at("toFQDNs").present ? {fqdns: true as const} : {}),
	}
	return Object.keys(peers).length === 0 ? undefined : peers
}

const entities = [
	"all",
	"cluster",
	"cluster-mesh",
	"world",
	"world-ipv4",
	"world-ipv6",
	"host",
	"remote-node",
	"kube-apiserver",
	"health",
	"ingress",
	"init",
	"unmanaged",
	"none",
] as const

function blockWithExceptions(set: Field) {
	refuseOthers(set, ["cidr", "except"])
	return {cidr: blockAt(set.at("cidr")), except: set.at("except").items().map(blockAt)}
}

function blockAt(field: Field): string {
	const text = field.text() ?? ""
	if (!isBlock(text)) field.word([])
	return text
}

/** Which cluster of several a pod is in no evaluator knows. */
const cluster = /^(k8s[:.]|any[:.])?io\.cilium\.k8s\.policy\.cluster$/

function selectorOf(field: Field): LabelSelector {
	refuseOthers(field, ["matchLabels", "matchExpressions"])
	const selector = labelSelectorAt(field)
	const keys = [
		...Object.keys(selector.matchLabels ?? {}),
		...(selector.matchExpressions ?? []).map(({key}) => key),
	]
	if (keys.some((key) => cluster.test(key))) field.word([])
	return selector
}

/** The policies of Cilium's among objects of any kind, for pods. */
export const ciliumPoliciesIn = (objects: readonly KubeObject[]): readonly CiliumPolicy[] =>
	objects
		.filter((object) =>
			[CiliumNetworkPolicy.id, CiliumClusterwideNetworkPolicy.id].includes(kindIdOf(object)),
		)
		.flatMap((object) => readCiliumPolicy(object).value)
