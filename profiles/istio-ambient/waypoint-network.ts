import {Gateway} from "../apis/gateway-api/kinds.ts"
import {admits, policiesInForce, type Rule, readRules, restricts} from "../apis/kubernetes/network-policy.ts"
import {meetsPods} from "../apis/kubernetes/tunnel.ts"
import type {Feature, FeatureUse} from "../features.ts"
import type {Reason} from "../reason.ts"
import {reason} from "../reasons.ts"
import * as kinds from "../snapshot/kinds.ts"
import {refOf} from "../snapshot/object.ts"
import type {NetworkPolicy} from "../snapshot/shapes.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"
import {capabilities} from "./capabilities.ts"
import {hbone} from "./tunnel-openings.ts"

/** With a waypoint the network sees the waypoint alone: what is admitted to callers is not admitted to it. */
export function refusesWaypoint(
	snapshot: Snapshot,
	namespace: string,
	uses: readonly FeatureUse[],
): readonly Reason[] {
	const needs = uses.some(({name, carrier}) => carrier !== "cni" && waypointFeatures.has(name))
	if (!needs) return []
	const own = snapshot.get(kinds.Namespace, namespace)?.metadata.labels ?? {}
	const names = snapshot.list(Gateway, namespace).map(({metadata}) => metadata.name)
	const waypoints = (names.length === 0 ? ["waypoint"] : names).map((name) => ({
		"gateway.networking.k8s.io/gateway-name": name,
	}))
	const admitting = (rule: Rule) =>
		admits(rule, hbone) && waypoints.some((labels) => meetsPods(rule, labels, own))
	return policiesInForce(snapshot, namespace)
		.filter((policy) => restricts(policy, "ingress"))
		.filter((policy) => {
			const rules = readRules(policy, "ingress").value
			const same = policiesInForce(snapshot, namespace).filter((one) => isAsWide(one, policy))
			const all = same.flatMap((one) => readRules(one, "ingress").value)
			return rules.some(({carriesTraffic, inside}) => carriesTraffic && inside) && !all.some(admitting)
		})
		.map((policy) => {
			const message = `${refOf(policy)} admits callers to its pods and not the waypoint, by which they would come.`
			return reason("NetworkPolicyRefusesWaypoint", {object: refOf(policy), message})
		})
}

const isAsWide = (one: NetworkPolicy, other: NetworkPolicy): boolean =>
	["{}", JSON.stringify(other.spec?.podSelector ?? {})].includes(JSON.stringify(one.spec?.podSelector ?? {}))

const waypointFeatures: ReadonlySet<Feature> = new Set(
	capabilities.filter(({support}) => support === "waypoint").map(({feature}) => feature),
)
