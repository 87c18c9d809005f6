import type {Feature} from "../../features.ts"
import type {KubeObject} from "../../snapshot/object.ts"
import type {LabelSelector} from "../../snapshot/shapes.ts"
import type {Snapshot} from "../../snapshot/snapshot.ts"
import {Field, type Reading} from "../read.ts"
import type {Trait} from "../use.ts"
import {reaches, readSelector} from "./identity.ts"
import {CiliumClusterwideNetworkPolicy, CiliumNetworkPolicy} from "./kinds.ts"

export type Direction = "ingress" | "egress"

/** Inclusive. */
type Ports = {readonly first: number; readonly last: number}

/** One item of `ingress`, `egress`, `ingressDeny` or `egressDeny`. */
export type Clause = {
	readonly path: string
	readonly direction: Direction
	readonly deny: boolean
	/** The same for the same peers. */
	readonly peers: string
	readonly everyone: boolean
	/** Pods may be among the peers, not only addresses and names outside of the cluster. */
	readonly inside: boolean
	readonly cidrs: readonly string[]
	/** TCP ports; undefined when all are meant. A name is one of the application's own, and stands for none here. */
	readonly ports: readonly Ports[] | undefined
	/** Fields that take a proxy which reads the protocol. DNS is not among them: the agent itself reads that. */
	readonly l7: readonly string[]
	readonly fqdns: boolean
	/** Cilium's own mutual authentication (SPIRE). */
	readonly authenticated: boolean
}

export type Rule = {
	/** Undefined where nodes are selected, not pods. */
	readonly selector: LabelSelector | undefined
	readonly clauses: readonly Clause[]
	/** Selected pods refuse what no rule admits, by direction. */
	readonly closes: Readonly<Record<Direction, boolean>>
}

const known = new WeakMap<KubeObject, Reading<readonly Rule[]>>()

/** The rules of a CiliumNetworkPolicy or a clusterwide one: those of `spec`, and each of `specs`. */
export function readPolicy(object: KubeObject): Reading<readonly Rule[]> {
	const found = known.get(object) ?? rulesOf(object)
	known.set(object, found)
	return found
}

function rulesOf(object: KubeObject): Reading<readonly Rule[]> {
	const faults: string[] = []
	const {spec, specs} = object as {readonly spec?: unknown; readonly specs?: unknown}
	const fields = [new Field("spec", spec, faults), ...new Field("specs", specs, faults).items()]
	return {value: fields.filter(({present}) => present).map(readRule), faults}
}

const sections = [
	["ingress", "ingress", false],
	["ingressDeny", "ingress", true],
	["egress", "egress", false],
	["egressDeny", "egress", true],
] as const

function readRule(spec: Field): Rule {
	const clauses = sections.flatMap(([key, direction, deny]) =>
		spec
			.at(key)
			.items()
			.map((item) => readClause(item, direction, deny)),
	)
	const closes = (direction: Direction) =>
		spec.at("enableDefaultDeny").at(direction).flag() ??
		(spec.at(direction).present || spec.at(`${direction}Deny`).present)
	return {
		selector: spec.at("nodeSelector").present ? undefined : readSelector(spec.at("endpointSelector")),
		clauses,
		closes: {ingress: closes("ingress"), egress: closes("egress")},
	}
}

const peerKeys = {
	ingress: [
		"fromEndpoints",
		"fromRequires",
		"fromCIDR",
		"fromCIDRSet",
		"fromEntities",
		"fromGroups",
		"fromNodes",
	],
	egress: [
		"toEndpoints",
		"toRequires",
		"toCIDR",
		"toCIDRSet",
		"toEntities",
		"toGroups",
		"toNodes",
		"toServices",
		"toFQDNs",
	],
} as const
/** Peers that are pods, or may be. */
const insideKeys = ["fromEndpoints", "toEndpoints", "toServices"]

function readClause(item: Field, direction: Direction, deny: boolean): Clause {
	const side = direction === "ingress" ? "from" : "to"
	const keys = peerKeys[direction]
	const given = keys.filter((key) => item.at(key).present)
	const entities = item.at(`${side}Entities`).texts()
	const toPorts = item.at("toPorts").items()
	return {
		path: item.path,
		direction,
		deny,
		peers: JSON.stringify(given.map((key) => [key, item.at(key).canonical()])),
		// An empty item admits nobody: it is how people write that everything is denied.
		everyone: (given.length === 0 && toPorts.length > 0) || entities.includes("all"),
		inside:
			(given.length === 0 && toPorts.length > 0) ||
			insideKeys.some((key) => item.at(key).present) ||
			entities.some((entity) => entity === "all" || entity === "cluster"),
		cidrs: [
			...item.at(`${side}CIDR`).texts(),
			...item
				.at(`${side}CIDRSet`)
				.items()
				.flatMap((one) => one.at("cidr").text() ?? []),
		],
		ports: portsOf(toPorts),
		l7: toPorts.flatMap(l7Of),
		fqdns: item.at("toFQDNs").present,
		authenticated: item.at("authentication").at("mode").text() === "required",
	}
}

function portsOf(toPorts: readonly Field[]): readonly Ports[] | undefined {
	const listed = toPorts.flatMap((one) => one.at("ports").items())
	if (listed.length === 0) return undefined
	const tcp = listed.filter((port) => ["TCP", "ANY"].includes(port.at("protocol").text() ?? "ANY"))
	const found = tcp.flatMap((port) => {
		const first = Number(port.at("port").text() ?? "0")
		return Number.isInteger(first) ? [{first, last: port.at("endPort").integer() ?? first}] : []
	})
	// Port 0 stands for all of them.
	return found.some(({first}) => first === 0) ? undefined : found
}

function l7Of(toPort: Field): readonly string[] {
	const rules = toPort.at("rules")
	return [
		...["http", "kafka", "l7"].filter((key) => rules.at(key).present).map((key) => `${rules.path}.${key}`),
		...["listener", "terminatingTLS", "originatingTLS"]
			.filter((key) => toPort.at(key).present)
			.map((key) => `${toPort.path}.${key}`),
	]
}

/** True when a clause speaks of a TCP port. */
export const covers = ({ports}: Clause, port: number): boolean =>
	ports === undefined || ports.some(({first, last}) => first <= port && port <= last)

/** A selector without a condition. */
export const isEveryPod = (selector: LabelSelector | undefined): boolean =>
	selector !== undefined &&
	Object.keys(selector.matchLabels ?? {}).length === 0 &&
	(selector.matchExpressions ?? []).length === 0

export type PolicyFor = {readonly object: KubeObject; readonly rules: readonly Rule[]}

/** The policies that hold for pods of a namespace, each with those of its rules that do. */
export function policiesFor(snapshot: Snapshot, namespace: string): readonly PolicyFor[] {
	const own = snapshot.list(CiliumNetworkPolicy, namespace)
	return [...own, ...snapshot.list(CiliumClusterwideNetworkPolicy)].flatMap((object) => {
		const rules = readPolicy(object).value.filter(
			({selector}) => selector !== undefined && reaches(snapshot, namespace, selector),
		)
		return rules.length === 0 && readPolicy(object).faults.length === 0 ? [] : [{object, rules}]
	})
}

/** What of these rules the container network enforces by itself, and what takes a proxy. */
export function policyTraits(rules: readonly Rule[]): readonly Trait[] {
	const clauses = rules.flatMap((rule) => rule.clauses)
	const enforced = (name: Feature): Trait => ({name, carrier: "cni"})
	const closed = rules.some(
		(rule) => rule.clauses.length === 0 && (rule.closes.ingress || rule.closes.egress),
	)
	const plain = clauses.some(({deny, l7, fqdns}) => !deny && l7.length === 0 && !fqdns)
	return [
		...(clauses.some(({l7}) => l7.length > 0) ? (["L7Authorization"] as const) : []),
		...(closed || plain ? [enforced("L4Authorization")] : []),
		...(clauses.some(({deny}) => deny) ? [enforced("ExplicitDeny")] : []),
		...(clauses.some(({fqdns}) => fqdns) ? [enforced("EgressByFQDN")] : []),
	]
}
