import type {Field} from "../read.ts"
import {reader, type Trait} from "../use.ts"
import {DestinationRule} from "./kinds.ts"
import {byHost} from "./scope.ts"

const tlsModes = ["DISABLE", "SIMPLE", "MUTUAL", "ISTIO_MUTUAL"] as const
type TLSMode = (typeof tlsModes)[number]

export type Destination = {
	readonly host: string
	readonly subsets: readonly string[]
	readonly tlsModes: readonly TLSMode[]
	readonly traits: readonly Trait[]
}

export const readDestinationRule = reader((spec): Destination => {
	const subsets = spec.at("subsets").items()
	const top = [spec.at("trafficPolicy"), ...subsets.map((subset) => subset.at("trafficPolicy"))]
	const policies = [...top, ...top.flatMap((policy) => policy.at("portLevelSettings").items())]
	return {
		host: spec.at("host").text() ?? "",
		subsets: subsets.map((subset) => subset.at("name").text() ?? ""),
		tlsModes: policies.flatMap((policy) => policy.at("tls").at("mode").word(tlsModes) ?? []),
		traits: policies.flatMap(policyTraits),
	}
})

function policyTraits(policy: Field): readonly Trait[] {
	const balancer = policy.at("loadBalancer")
	const simple = balancer.at("simple").text()
	const found: Trait[] = []
	if (policy.at("outlierDetection").present) found.push("OutlierDetection")
	if (policy.at("connectionPool").present)
		found.push({name: "OutlierDetection", note: "for limits of connections"})
	if (balancer.at("consistentHash").present) found.push("SessionAffinity")
	if (balancer.at("localityLbSetting").present) found.push("ZoneAwareLoadBalancing")
	const tuned =
		(simple !== undefined && simple !== "UNSPECIFIED") || balancer.hasAny(["warmup", "warmupDurationSecs"])
	return tuned ? [...found, "WorkloadLoadBalancing"] : found
}

export const destinationRulesFor = byHost(DestinationRule)
