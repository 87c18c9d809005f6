import {CiliumNetworkPolicy} from "../../profiles/apis/cilium/kinds.ts"
import {
	AuthorizationPolicy,
	PeerAuthentication,
	RequestAuthentication,
} from "../../profiles/apis/istio/kinds.ts"
import {Server} from "../../profiles/apis/linkerd/kinds.ts"
import {selects} from "../../profiles/pods.ts"
import {contradictionsIn} from "../../profiles/policy/istio/contradictions.ts"
import {peersIn} from "../../profiles/policy/istio/peer-authentication.ts"
import {policiesIn} from "../../profiles/policy/istio/read.ts"
import type {Reason} from "../../profiles/reason.ts"
import {type Kind, NetworkPolicy} from "../../profiles/snapshot/kinds.ts"
import {type KubeObject, refOf, type StringMap} from "../../profiles/snapshot/object.ts"
import type {LabelSelector} from "../../profiles/snapshot/shapes.ts"
import type {Snapshot} from "../../profiles/snapshot/snapshot.ts"
import {isOwned} from "../../profiles/translate/owned.ts"
import {podLabelsIn} from "../../profiles/workloads.ts"
import {because} from "./reasons.ts"

/** Kinds that select pods of their namespace, and the field of their spec that does so. */
const selecting: readonly (readonly [Kind, string])[] = [
	[AuthorizationPolicy, "selector"],
	[RequestAuthentication, "selector"],
	[PeerAuthentication, "selector"],
	[NetworkPolicy, "podSelector"],
	[CiliumNetworkPolicy, "endpointSelector"],
	[Server, "podSelector"],
]

/**
 * Policies that say nothing, or that others take back. Neither stands in the way: they do on the target what they do
 * here, and whoever wrote them meant something else.
 */
export function policyRemarks(snapshot: Snapshot, namespace: string): readonly Reason[] {
	const written = (kind: Kind) => snapshot.list(kind, namespace).filter((one) => !isOwned(one))
	// Most namespaces have none, and pods are many.
	if (selecting.every(([kind]) => written(kind).length === 0)) return []
	const pods = podLabelsIn(snapshot, namespace)
	if (pods.length === 0) return []
	const distinct = [...new Map(pods.map((labels) => [JSON.stringify(labels), labels])).values()]
	return [
		...selecting.flatMap(([kind, field]) => written(kind).flatMap((one) => idle(one, field, distinct))),
		...taken(written(AuthorizationPolicy), namespace, distinct),
		...doubled(written(PeerAuthentication)),
	]
}

type Selecting = KubeObject & {readonly spec?: Readonly<Record<string, unknown>>}

/** Cilium writes the source of a label before it; only Kubernetes' own are those of pods. */
const plainLabels = ({matchLabels = {}, ...rest}: LabelSelector): LabelSelector => ({
	...rest,
	matchLabels: Object.fromEntries(
		Object.entries(matchLabels).map(([key, value]) => [key.replace(/^(k8s|any)[:.]/, ""), value]),
	),
})

function idle(object: KubeObject, field: string, pods: readonly StringMap[]): readonly Reason[] {
	const selector = (object as Selecting).spec?.[field] as LabelSelector | undefined
	// What is no selector at all was told as unreadable.
	if (typeof selector !== "object" || selector === null) return []
	const plain = plainLabels(selector)
	if (pods.some((labels) => selects(plain, labels))) return []
	const wanted = Object.entries(plain.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`)
	return [
		because("PolicySelectsNothing", {
			object: refOf(object),
			message: `spec.${field} selects no pod and no pod template of the namespace${wanted.length === 0 ? "" : `: ${wanted.join(", ")}`}`,
		}),
	]
}

/** Nobody's address: what is asked is whether anybody comes through. */
const address = "198.51.100.2"

function taken(
	objects: readonly KubeObject[],
	namespace: string,
	pods: readonly StringMap[],
): readonly Reason[] {
	const callees = pods.map((labels) => ({namespace, labels, ip: address, port: 1}))
	return contradictionsIn(policiesIn(objects), callees).map(({policy, rule, by}) =>
		because("PoliciesContradict", {
			object: `AuthorizationPolicy/${namespace}/${policy.name}`,
			message: `All that spec.rules[${rule}] admits is refused by ${by.join(" and ")}`,
		}),
	)
}

/** Of two PeerAuthentications for the same pods the oldest counts, and the other says nothing. */
function doubled(objects: readonly KubeObject[]): readonly Reason[] {
	const modes = objects.map((object) => ({object, peers: peersIn([object])[0]}))
	const scopes = Map.groupBy(modes, ({peers}) => JSON.stringify(peers?.selector ?? {}))
	return [...scopes.values()].flatMap((same) => {
		const [first, ...others] = same.toSorted((a, b) => compare(a.peers?.createdAt, b.peers?.createdAt))
		return others
			.filter(({peers}) => peers?.mode !== first?.peers?.mode)
			.map(({object, peers}) =>
				because("PoliciesContradict", {
					object: refOf(object),
					message: `Its mode ${peers?.mode} does not hold: ${first === undefined ? "" : refOf(first.object)} is for the same pods, is older, and says ${first?.peers?.mode}`,
				}),
			)
	})
}

const compare = (a = "", b = ""): number => (a < b ? -1 : a > b ? 1 : 0)
