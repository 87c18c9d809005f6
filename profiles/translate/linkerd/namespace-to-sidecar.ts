import {HTTPRoute as GatewayRoute, GRPCRoute} from "../../apis/gateway-api/kinds.ts"
import {authorizationsFor} from "../../apis/istio/authorization.ts"
import {rootNamespaces} from "../../apis/istio/control-plane.ts"
import {AuthorizationPolicy as IstioPolicy, PeerAuthentication} from "../../apis/istio/kinds.ts"
import {AuthorizationPolicy, HTTPRoute} from "../../apis/linkerd/kinds.ts"
import {defaultPolicies, refusesSome} from "../../apis/linkerd/policy.ts"
import {unreadable} from "../../apis/read.ts"
import {listed} from "../../names.ts"
import {requestsFrom} from "../../policy/istio/derive.ts"
import {policiesIn, readPolicy} from "../../policy/istio/read.ts"
import type {Reason} from "../../reason.ts"
import {reason} from "../../reasons.ts"
import {type KubeObject, refOf, type StringMap} from "../../snapshot/object.ts"
import type {Snapshot} from "../../snapshot/snapshot.ts"
import {calleesIn} from "../istio/callees.ts"
import type {NamespaceTranslation} from "../istio/namespace-to-ambient.ts"
import {check} from "../moments.ts"
import {isOwned, sourceOf} from "../owned.ts"
import {surroundingsIn} from "../pod-shapes.ts"
import {nothingTranslated, type Translated, worstOf} from "../types.ts"
import {inboundIn} from "./inbound.ts"
import {isOnServers, linkerdFaults, linkerdPolicies} from "./linkerd-policies.ts"
import {inIstio, inLinkerd, istioTrustDomain, linkerdTrustDomain} from "./meshes.ts"
import {fromLinkerdMoments} from "./moments.ts"
import {fromLinkerd} from "./to-istio.ts"

const nobodyKeptOut = {guarded: false, strict: false, headless: []}

/** Linkerd's policies of a namespace whose proxies go, for sidecars of Istio. */
export function linkerdToSidecar(snapshot: Snapshot, namespace: string): NamespaceTranslation {
	const objects = linkerdPolicies(snapshot, namespace)
	const istio = authorizationsFor(snapshot, namespace).filter((one) => !readPolicy(one).value.dryRun)
	const unreadables = istio.flatMap((one) => {
		const {faults} = readPolicy(one)
		return faults.length === 0 ? [] : [unreadable(one, faults)]
	})
	const wrong = [
		...linkerdFaults(objects),
		...unreadables,
		...namesakes(snapshot, namespace),
		...unread(snapshot, namespace),
	]
	if (wrong.length > 0) return {made: {...nothingTranslated, reasons: wrong}, ...nobodyKeptOut}
	const around = surroundingsIn(snapshot, namespace)
	const inbound = inboundIn(snapshot, namespace)
	const copies = copiesIn(snapshot, namespace)
	const made = fromLinkerd({
		...around,
		namespace,
		objects,
		inbound,
		annotated: defaultPolicies(snapshot, namespace)
			.filter(({value}) => refusesSome(value))
			.map(({object}) => object),
		trustDomain: {linkerd: linkerdTrustDomain(snapshot), istio: istioTrustDomain},
		anyone: anyoneIn(snapshot, namespace, [...copies.values()]),
		copies,
	})
	const told = {...made, reasons: identityReasons(snapshot, namespace, made)}
	if (worstOf(made.translations.flatMap(({fields}) => fields)) === "blocked")
		return {made: told, ...nobodyKeptOut}
	const roots = rootNamespaces(snapshot)
	const peers = [namespace, ...roots].flatMap((space) => snapshot.list(PeerAuthentication, space))
	const asked = {...around, pods: around.pods.filter(({labels}) => inbound(labels).present)}
	const callees = calleesIn(namespace, asked)
	const move = {
		namespace,
		objects: [...objects, ...istio.filter((one) => !copies.has(one.metadata.name)), ...peers],
		made,
		roots,
		around: {
			fallback: (labels: StringMap) => inbound(labels).policy,
			trustDomain: linkerdTrustDomain(snapshot),
		},
	}
	const isCompared = made.before.length > 0 && callees.length > 0
	return {
		made: told,
		...(isCompared
			? {
					check: check(
						fromLinkerdMoments(move),
						requestsFrom(policiesIn([...move.objects, ...made.before]), {callees}),
					),
				}
			: {}),
		...nobodyKeptOut,
	}
}

/** What is said of an object by its kind and name would be said of both. */
function namesakes(snapshot: Snapshot, namespace: string): readonly Reason[] {
	const pairs = [
		[AuthorizationPolicy, IstioPolicy],
		[HTTPRoute, GatewayRoute],
	] as const
	return pairs.flatMap(([kind, other]) =>
		snapshot
			.list(kind, namespace)
			.filter(({metadata}) => snapshot.get<KubeObject>(other, metadata.name, namespace) !== undefined)
			.map((object) =>
				reason("PolicyNotTranslatable", {
					object: refOf(object),
					message: `${refOf(object)} is there of ${kind.group} and of ${other.group}.`,
					fix: "Give one of them another name.",
				}),
			),
	)
}

/** Routes on Servers that these evaluators do not read: with one, a Server refuses what no route matches. */
const unread = (snapshot: Snapshot, namespace: string): readonly Reason[] =>
	snapshot
		.list(GRPCRoute, namespace)
		.filter(isOnServers)
		.map((object) =>
			reason("PolicyNotTranslatable", {
				object: refOf(object),
				message: `${refOf(object)} names requests to a Server by methods of gRPC.`,
			}),
		)

/** What an earlier plan made of Linkerd's policies, by name. */
export const copiesIn = (snapshot: Snapshot, namespace: string): ReadonlyMap<string, KubeObject> =>
	new Map(
		snapshot
			.list(IstioPolicy, namespace)
			.filter(
				(one) => isOwned(one) && /^heddle-linkerd-/.test(one.metadata.name) && sourceOf(one) !== undefined,
			)
			.map((one) => [one.metadata.name, one]),
	)

const principalsIn = (objects: readonly KubeObject[]): readonly string[] => [
	...new Set(
		policiesIn(objects).flatMap(({rules}) =>
			rules.flatMap(({from}) => from.flatMap(({principals}) => principals.any)),
		),
	),
]

const ofNamespace = (name: string) => `${istioTrustDomain}/ns/${name}/*`

/**
 * Whoever proves an identity in Linkerd today. Where nobody else is in Istio these are all who can prove one there;
 * else each namespace is named, since pods in Istio are nobody to Linkerd. What was said before the first pod moved
 * goes on: namespaces that have moved since are still meant.
 */
function anyoneIn(snapshot: Snapshot, namespace: string, copies: readonly KubeObject[]): readonly string[] {
	const before = principalsIn(copies)
	if (before.includes("*")) return ["*"]
	const linkerd = new Set([namespace, ...inLinkerd(snapshot)])
	const others = [...inIstio(snapshot)].filter((one) => !linkerd.has(one))
	const named = before.filter((one) => one.endsWith("/*"))
	if (others.length === 0 && named.length === 0) return ["*"]
	return [...new Set([...[...linkerd].map(ofNamespace), ...named])].sort()
}

function identityReasons(snapshot: Snapshot, namespace: string, {before}: Translated): readonly Reason[] {
	const principals = principalsIn(before)
	const [object] = before.map((one) => sourceOf(one) ?? refOf(one))
	if (principals.length === 0 || object === undefined) return []
	const isNamed = (space: string) =>
		principals.some((one) => one === "*" || one.startsWith(`${istioTrustDomain}/ns/${space}/`))
	const staying = [...inLinkerd(snapshot)].filter((one) => one !== namespace && isNamed(one)).sort()
	const others =
		staying.length === 0
			? ""
			: ` Pods of ${listed(staying)}, which it names, are in Linkerd and would be refused until they move as well.`
	return [
		reason("IdentityNotShared", {
			object,
			message: `Callers of ${namespace} are admitted by identities that Linkerd and Istio do not share: of two workloads that call each other, one that has moved and one that has not refuse each other.${others}`,
		}),
	]
}
