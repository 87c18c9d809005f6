import * as core from "../../snapshot/kinds.ts"
import {type KubeObject, refOf} from "../../snapshot/object.ts"
import type {Snapshot} from "../../snapshot/snapshot.ts"
import {readRoute} from "../gateway-api/routes.ts"
import {joined, type Trait, type Use, type Uses, usesOf} from "../use.ts"
import * as kinds from "./kinds.ts"
import * as policy from "./policy.ts"
import {annotated, asUse, profileTraits, readServiceProfile, routedBy} from "./settings.ts"

/**
 * What a namespace makes use of by Linkerd's objects and annotations. Defaults of the whole installation stand in a
 * ConfigMap that Heddle does not read: a profile's `requires` names what has to stay of them.
 */
export function features(snapshot: Snapshot, namespace: string): Uses {
	return joined([...security(snapshot, namespace), ...traffic(snapshot, namespace)])
}

function security(snapshot: Snapshot, namespace: string): readonly Uses[] {
	const list = (kind: (typeof kinds.linkerdKinds)[number]) => snapshot.list(kind, namespace)
	const byDefault = policy
		.defaultPolicies(snapshot, namespace)
		.flatMap(({object, value}): readonly Use[] => defaultTraits(value).map(asUse(object)))
	const named = new Set(
		list(kinds.AuthorizationPolicy).flatMap((one) =>
			policy
				.readAuthorization(one)
				.value.authentications.map(
					({kind, name, namespace: space}) => `${kind}/${space ?? namespace}/${name}`,
				),
		),
	)
	// Who is meant says nothing by itself: only what an authorization refers to is in use.
	const ofAuthorization = (object: KubeObject): readonly Trait[] =>
		named.has(refOf(object)) ? ["L4Authorization"] : []
	return [
		usesOf(list(kinds.Server), policy.readServer, ({accessPolicy}) =>
			policy.refusesSome(accessPolicy) ? ["L4Authorization"] : [],
		),
		usesOf(list(kinds.AuthorizationPolicy), policy.readAuthorization, policy.authorizationTraits),
		usesOf(list(kinds.ServerAuthorization), policy.readServerAuthorization, () => ["L4Authorization"]),
		usesOf(list(kinds.MeshTLSAuthentication), policy.readMeshTLS, (_, one) => ofAuthorization(one)),
		usesOf(list(kinds.NetworkAuthentication), policy.readNetworks, (_, one) => ofAuthorization(one)),
		{uses: byDefault, reasons: []},
	]
}

function defaultTraits(value: string): readonly Trait[] {
	if (!policy.refusesSome(value)) return value === "audit" ? [] : ["MTLSPermissive"]
	return value.endsWith("-authenticated") ? ["MTLSStrict"] : ["L4Authorization"]
}

function traffic(snapshot: Snapshot, namespace: string): readonly Uses[] {
	const routes = snapshot.list(kinds.HTTPRoute, namespace)
	const services = snapshot.list(core.Service, namespace)
	const mirrored = services.filter(({metadata}) =>
		Object.keys(metadata.labels ?? {}).some((key) => key.startsWith("mirror.linkerd.io/")),
	)
	const set: readonly Use[] = [
		...routedBy(snapshot, namespace).flatMap(({object, traits}) => traits.map(asUse(object))),
		...annotated(snapshot, namespace, "config.linkerd.io/access-log").map((object) =>
			asUse(object)("AccessLogs"),
		),
		...mirrored.map((object) => asUse(object)("MultiCluster")),
	]
	return [
		// A route on a Server names requests for a policy and routes nothing.
		usesOf(routes, readRoute, ({parents, traits}) =>
			parents.some(({kind}) => kind !== "Server") ? traits : [],
		),
		usesOf(snapshot.list(kinds.ServiceProfile, namespace), readServiceProfile, profileTraits),
		usesOf(snapshot.list(kinds.HTTPLocalRateLimitPolicy, namespace), policy.readRateLimit, () => [
			"LocalRateLimit",
		]),
		usesOf(snapshot.list(kinds.EgressNetwork, namespace), policy.readEgressNetwork, () => ["EgressByFQDN"]),
		{uses: set, reasons: []},
	]
}
