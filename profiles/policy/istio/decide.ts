import {selects} from "../../pods.ts"
import type {KubeObject} from "../../snapshot/object.ts"
import {allow, type Decision, deny, type Identity, type Request} from "../request.ts"
import {modeFor, type Peers, peersIn} from "./peer-authentication.ts"
import {type Policy, policiesIn, type Rule} from "./read.ts"
import {matchesAtEnvoy} from "./rules.ts"
import {matchesAtZtunnel} from "./ztunnel.ts"

/** Istio's policies that have a say, and the namespaces whose own hold for all. */
export type IstioWorld = {
	readonly policies: readonly Policy[]
	readonly peers: readonly Peers[]
	readonly roots: readonly string[]
}

/** Reads objects of any kind once, for any number of requests. */
export const istioWorld = (objects: readonly KubeObject[], roots: readonly string[]): IstioWorld => ({
	policies: policiesIn(objects),
	peers: peersIn(objects),
	roots,
})

/** A waypoint that Services of its namespace use. */
export type UsedWaypoint = {
	readonly name: string
	readonly identity: Identity
	/** Names of the Services that go through it. */
	readonly services: ReadonlySet<string>
	/** It compares rules with the port of the pod, and not with that of the Service. No page says which it is. */
	readonly comparesPodPorts?: boolean
}

type Matches = (policy: Policy, rule: Rule, request: Request) => boolean

/**
 * DENY goes first, then one ALLOW policy makes everything else denied. AUDIT decides nothing. CUSTOM asks a server of
 * its own, which no evaluator can: whoever compares decisions has to leave such policies alone.
 * Source: https://istio.io/latest/docs/concepts/security/#implicit-enablement
 */
function decideBy(policies: readonly Policy[], request: Request, matches: Matches): Decision {
	const matched = (action: Policy["action"]) => {
		for (const policy of policies) {
			if (policy.action !== action) continue
			const index = policy.rules.findIndex((rule) => matches(policy, rule, request))
			if (index >= 0) return `AuthorizationPolicy/${policy.namespace}/${policy.name} rule ${index}`
		}
		return undefined
	}
	const denied = matched("DENY")
	if (denied !== undefined) return deny(denied)
	if (!policies.some(({action}) => action === "ALLOW")) return allow("no ALLOW policy")
	const allowed = matched("ALLOW")
	return allowed === undefined ? deny("no ALLOW rule matches") : allow(allowed)
}

/** Those that select the pod, of its namespace or of a root one. */
function selecting({policies, roots}: IstioWorld, {destination}: Request): readonly Policy[] {
	const {namespace, labels} = destination
	return policies.filter(
		(one) =>
			one.targetRefs.length === 0 &&
			(one.namespace === namespace || roots.includes(one.namespace)) &&
			(one.selector === undefined || selects({matchLabels: one.selector}, labels)),
	)
}

/** Neither sidecars nor ztunnels capture anything but TCP. */
const passesBy = ({protocol = "TCP"}: Request): boolean => protocol !== "TCP"

/** Decides as the sidecar of the pod does. With mTLS off it sees nobody's identity. */
export function decideAtSidecar(world: IstioWorld, request: Request): Decision {
	if (passesBy(request)) return allow("not TCP")
	const mode = modeFor(world.peers, request.destination, world.roots)
	if (mode === "STRICT" && request.source.identity === undefined) return deny("mTLS is STRICT")
	const seen = mode === "DISABLE" ? withIdentity(request, undefined) : request
	return decideBy(selecting(world, seen), seen, matchesAtEnvoy)
}

/** Decides as the ztunnel of the pod's node does, which ignores the mode DISABLE. */
export function decideAtZtunnel(world: IstioWorld, request: Request): Decision {
	if (passesBy(request)) return allow("not TCP")
	const mode = modeFor(world.peers, request.destination, world.roots)
	if (mode === "STRICT" && request.source.identity === undefined) return deny("mTLS is STRICT")
	return decideBy(selecting(world, request), request, matchesAtZtunnel)
}

/**
 * Decides as a waypoint does: by policies with targetRefs alone. One of a root namespace for the class of waypoints is
 * for all of them. Source: istio pilot/pkg/model/policyattachment.go ShouldAttachPolicy.
 */
export function decideAtWaypoint(
	{policies, roots}: IstioWorld,
	{name: waypoint, comparesPodPorts}: Pick<UsedWaypoint, "name" | "comparesPodPorts">,
	request: Request,
): Decision {
	const {namespace, service} = request.destination
	const attached = policies.filter((one) =>
		one.targetRefs.some(
			({kind, name}) =>
				(one.namespace === namespace &&
					((kind === "Service" && name === service?.name) || (kind === "Gateway" && name === waypoint))) ||
				(roots.includes(one.namespace) && kind === "GatewayClass" && name === "istio-waypoint"),
		),
	)
	const port =
		comparesPodPorts === true ? request.destination.port : (service?.port ?? request.destination.port)
	return decideBy(attached, {...request, destination: {...request.destination, port}}, matchesAtEnvoy)
}

/**
 * Decides as ambient does from end to end. A caller in the mesh that calls a Service which uses a waypoint goes
 * through it, and ztunnel then sees the waypoint's identity (istio#44671); everyone else, and every call to a pod's
 * own address, comes straight to ztunnel.
 */
export function decideInAmbient(
	world: IstioWorld,
	waypoint: UsedWaypoint | undefined,
	request: Request,
): Decision {
	const {source, destination} = request
	const through =
		waypoint !== undefined &&
		source.identity !== undefined &&
		destination.service !== undefined &&
		waypoint.services.has(destination.service.name)
	if (!through) return decideAtZtunnel(world, request)
	const first = decideAtWaypoint(world, waypoint, request)
	if (first.verdict === "deny") return first
	const second = decideAtZtunnel(world, withIdentity(request, waypoint.identity))
	return second.verdict === "deny" ? second : first
}

/** The same request as another identity sends it. */
export function withIdentity(request: Request, identity: Identity | undefined): Request {
	const {identity: _, ...source} = request.source
	return {...request, source: identity === undefined ? source : {...source, identity}}
}
