import {perSnapshot} from "../../memo.ts"
import {annotationOf} from "../../pods.ts"
import type {Reason} from "../../reason.ts"
import {type ProfileReasonCode, reason} from "../../reasons.ts"
import * as core from "../../snapshot/kinds.ts"
import {type KubeObject, refOf} from "../../snapshot/object.ts"
import type {Snapshot} from "../../snapshot/snapshot.ts"
import {templatesIn} from "../../workloads.ts"
import * as kinds from "./kinds.ts"
import {hasLinkerdProxy, heldBy, lasts, startedWith} from "./pods.ts"
import {
	defaultPolicies,
	readEgressNetwork,
	readMeshTLS,
	readServer,
	readServerAuthorization,
	refusesSome,
	refusesUnmeshed,
} from "./policy.ts"
import {annotated, profileTraits, readServiceProfile, routedBy} from "./settings.ts"

/** What annotations of a namespace and of pods say of how they are carried; resources of the proxy say nothing. */
const settings = [
	"opaque-ports",
	"skip-inbound-ports",
	"skip-outbound-ports",
	"skip-subnets",
	"access-log",
] as const

/** Linkerd's own default; EgressNetworks there hold for clients of every namespace. */
const globalEgress = "linkerd-egress"

/**
 * What of Linkerd's would be gone once the pods of a namespace are on another dataplane, or on none: every dataplane
 * but Linkerd asks this among its hazards. Policies always count, since nothing else enforces what they say; settings
 * and what comes from elsewhere count while Linkerd holds pods of the namespace.
 */
export function policiesLostWhenLeaving(snapshot: Snapshot, namespace: string): readonly Reason[] {
	const leaving = heldBy(snapshot, namespace).linkerd
	return [
		...protectionLost(snapshot, namespace),
		...(leaving ? settingsLost(snapshot, namespace) : []),
		...injectedByHand(snapshot, namespace),
	]
}

/** Policies that Linkerd enforces now, each as a reason. */
export function protectionLost(snapshot: Snapshot, namespace: string): readonly Reason[] {
	const list = (kind: (typeof kinds.linkerdKinds)[number]) => snapshot.list(kind, namespace)
	const policies = [
		...list(kinds.Server).filter((one) => refusesSome(readServer(one).value.accessPolicy)),
		...list(kinds.AuthorizationPolicy),
		...list(kinds.ServerAuthorization),
		...list(kinds.HTTPLocalRateLimitPolicy),
		...list(kinds.EgressNetwork).filter((one) => readEgressNetwork(one).value.denies),
	]
	const asked = defaultPolicies(snapshot, namespace).filter(({value}) => refusesSome(value))
	return [
		...policies.map((object) => lost(object, `${refOf(object)} is enforced by Linkerd's proxies alone.`)),
		...asked.map(({object, ref, value}) =>
			lost(object, `${ref} has the inbound policy ${value}, which Linkerd's proxies alone enforce.`),
		),
		...(asked.length === 0 ? unasked(snapshot, namespace) : []),
	]
}

/** What proxies go by though no annotation says so (any more): Linkerd's own default, mostly. */
function unasked(snapshot: Snapshot, namespace: string): readonly Reason[] {
	const own = snapshot.get(core.Namespace, namespace)
	const values = snapshot
		.list(core.Pod, namespace)
		.filter((pod) => lasts(pod) && hasLinkerdProxy(pod))
		.flatMap((pod) => startedWith(pod) ?? [])
		.filter(refusesSome)
	if (own === undefined || values.length === 0) return []
	const policies = [...new Set(values)].sort().join(", ")
	const message = `Proxies in ${namespace} were started with the inbound policy ${policies}, which Linkerd's proxies alone enforce.`
	return [lost(own, message)]
}

const lost = (
	object: KubeObject,
	message: string,
	code: ProfileReasonCode = "LinkerdPolicyStopsBeingEnforced",
) => reason(code, {object: refOf(object), message})

function settingsLost(snapshot: Snapshot, namespace: string): readonly Reason[] {
	const routes = [
		...snapshot.list(kinds.HTTPRoute, namespace),
		...snapshot
			.list(kinds.ServiceProfile, namespace)
			.filter((one) => profileTraits(readServiceProfile(one).value).length > 0),
	]
	const egress = snapshot
		.list(kinds.EgressNetwork, globalEgress)
		.filter((one) => namespace !== globalEgress && readEgressNetwork(one).value.denies)
	const carried = [
		...snapshot
			.list(core.Service, namespace)
			.filter((one) => annotationOf(one, "config.linkerd.io/opaque-ports") !== undefined),
		...new Set(settings.flatMap((key) => annotated(snapshot, namespace, `config.linkerd.io/${key}`))),
	]
	return [
		...egress.map((object) => lost(object, `${refOf(object)} limits egress by Linkerd's proxies alone.`)),
		...routes.map((object) =>
			lost(object, `${refOf(object)} is read by Linkerd alone.`, "LinkerdRoutingNotRead"),
		),
		...routedBy(snapshot, namespace).map(({object, traits}) => {
			const names = traits.map((trait) => (typeof trait === "string" ? trait : trait.name)).join(", ")
			const message = `Annotations of ${refOf(object)} ask for ${names}, and Linkerd alone reads them.`
			return lost(object, message, "LinkerdRoutingNotRead")
		}),
		...carried.map((object) =>
			lost(
				object,
				`Annotations of ${refOf(object)} tell Linkerd alone how to carry it.`,
				"LinkerdSettingNotRead",
			),
		),
		...identityLost(snapshot, namespace),
	]
}

/** What other namespaces make of callers' identities, which those of this one would no longer carry. */
function identityLost(snapshot: Snapshot, namespace: string): readonly Reason[] {
	const named = byNamed(snapshot).get(namespace) ?? []
	const any = [...(byNamed(snapshot).get(anyNamespace) ?? []), ...demanding(snapshot)].filter(
		(one) => spaceOf(one) !== namespace && !named.includes(one),
	)
	return [
		...named.map((object) => {
			const message = `${refOf(object)} names ${namespace} by its identity in Linkerd, which its calls would no longer carry.`
			return lost(object, message, "IdentityLostForPeers")
		}),
		...any.map((object) => {
			const message = `${refOf(object)} asks for an identity of Linkerd's, whichever it is, and calls of ${namespace} would no longer carry one.`
			return lost(object, message, "StrictServersRejectPlaintext")
		}),
	]
}

const spaceOf = ({kind, metadata}: KubeObject) => (kind === "Namespace" ? metadata.name : metadata.namespace)

/** Inbound policies of Linkerd's that refuse whoever is not in it. What `deny` admits is said by authorizations. */
const demanding = perSnapshot((snapshot): readonly KubeObject[] => {
	const demands = (policy: string) => refusesUnmeshed(policy) && policy !== "deny"
	const started = (space: string) =>
		snapshot
			.list(core.Pod, space)
			.filter((pod) => lasts(pod) && hasLinkerdProxy(pod))
			.flatMap((pod) => startedWith(pod) ?? [])
	const asked = (space: string) => defaultPolicies(snapshot, space).map(({value}) => value)
	return [
		...snapshot
			.list(core.Namespace)
			.filter(({metadata: {name}}) => [...asked(name), ...started(name)].some(demands)),
		...snapshot.list(kinds.Server).filter((one) => demands(readServer(one).value.accessPolicy)),
		...snapshot.list(kinds.ServerAuthorization).filter((one) => readServerAuthorization(one).value.meshed),
	]
})

/** A proxy that `linkerd inject` wrote into the template stays there, whatever the annotations say. */
function injectedByHand(snapshot: Snapshot, namespace: string): readonly Reason[] {
	return templatesIn(snapshot, namespace)
		.filter(({object, template}) => object.kind !== "Pod" && hasLinkerdProxy(template))
		.map(({object}) =>
			lost(
				object,
				`The pod template of ${refOf(object)} has the container linkerd-proxy itself: no annotation takes it out.`,
				"LinkerdProxyInTemplate",
			),
		)
}

/** `<service account>.<namespace>.serviceaccount.identity.<control plane's namespace>.<trust domain>` */
const identity = /^(?:[^.]+|\*)\.([^.]+)\.serviceaccount\.identity\./

/** No namespace has this name: of identities that say nothing of one, such as `*` and `*.cluster.local`. */
const anyNamespace = "*"

/** Authentications by the namespaces whose identities they name, their own left out. */
const byNamed = perSnapshot((snapshot): ReadonlyMap<string, readonly KubeObject[]> => {
	const found = new Map<string, KubeObject[]>()
	for (const object of snapshot.list(kinds.MeshTLSAuthentication)) {
		const own = object.metadata.namespace ?? ""
		const {identities, accounts} = readMeshTLS(object).value
		const named = [
			...identities.flatMap((one) => identity.exec(one)?.[1] ?? (one.startsWith("*") ? anyNamespace : [])),
			...accounts.flatMap(({kind, name, namespace}) => (kind === "Namespace" ? name : (namespace ?? own))),
		]
		for (const name of new Set(named)) {
			if (name !== own) found.set(name, [...(found.get(name) ?? []), object])
		}
	}
	return found
})
