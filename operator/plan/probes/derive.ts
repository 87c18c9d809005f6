import {rootNamespaces} from "../../../profiles/apis/istio/control-plane.ts"
import {AuthorizationPolicy, PeerAuthentication} from "../../../profiles/apis/istio/kinds.ts"
import {decideAtSidecar, type IstioWorld, istioWorld} from "../../../profiles/policy/istio/decide.ts"
import {requestsFrom} from "../../../profiles/policy/istio/derive.ts"
import type {Policy} from "../../../profiles/policy/istio/read.ts"
import type {Callee, Decision, HTTPRequest, Request} from "../../../profiles/policy/request.ts"
import type {Snapshot} from "../../../profiles/snapshot/snapshot.ts"
import {calleesIn} from "../../../profiles/translate/istio/callees.ts"
import {trustDomainOf} from "../../../profiles/translate/istio/trust-domain.ts"
import {isOwned} from "../../../profiles/translate/owned.ts"
import {surroundingsIn} from "../../../profiles/translate/pod-shapes.ts"
import {
	type Probe,
	type ProbeCaller,
	type ProbeMethod,
	type Probes,
	safeMethods,
	type Unsent,
} from "./probe.ts"

export type Probing = {
	readonly snapshot: Snapshot
	readonly namespace: string
	readonly callers: readonly ProbeCaller[]
	/** Methods that may be sent. One that changes something is sent by consent alone. */
	readonly methods: readonly ProbeMethod[]
}

/**
 * One request that each policy lets through and one that it refuses, from an identity that really calls, by a Service
 * of the namespace: what the reference evaluator says of people's own policies is what is expected.
 */
export function probesOf(probing: Probing): Probes {
	const {snapshot, namespace} = probing
	const written = snapshot.list(AuthorizationPolicy, namespace).filter((one) => !isOwned(one))
	const roots = rootNamespaces(snapshot)
	const around = [...new Set([namespace, ...roots])].flatMap((space) => [
		...snapshot.list(AuthorizationPolicy, space).filter((one) => !isOwned(one)),
		...snapshot.list(PeerAuthentication, space),
	])
	const world = istioWorld(around, roots)
	const callees = calleesIn(namespace, surroundingsIn(snapshot, namespace))
	const scene = {...probing, world, callees, trustDomain: trustDomainOf(written)}
	const own = world.policies.filter((one) => one.namespace === namespace)
	const each = own.map((policy) => probesFor(policy, scene))
	return {
		probes: each.flatMap(({probes}) => probes),
		unsent: each.flatMap(({unsent}) => unsent),
	}
}

type Scene = Probing & {
	readonly world: IstioWorld
	readonly callees: readonly Callee[]
	readonly trustDomain: string
}

function probesFor(policy: Policy, scene: Scene): Probes {
	const ref = `AuthorizationPolicy/${policy.namespace}/${policy.name}`
	const none = (why: string): Probes => ({probes: [], unsent: [{policy: ref, why}]})
	if (policy.targetRefs.length > 0) return none("It is attached to a waypoint")
	if (policy.action !== "ALLOW" && policy.action !== "DENY")
		return none(`What its action ${policy.action} decides is not known beforehand`)
	const candidates = requestsOf(policy, scene)
	const probes: Probe[] = []
	const unsent: Unsent[] = []
	for (const expect of ["allow", "deny"] as const) {
		const one = candidates.find(({request}) => isMeant(policy, expect, decideAtSidecar(scene.world, request)))
		if (one === undefined) unsent.push({policy: ref, expect, why: nobodySends(expect, scene.methods)})
		else probes.push(probeOf(ref, expect, one))
	}
	return {probes, unsent}
}

const nobodySends = (expect: Probe["expect"], methods: readonly ProbeMethod[]): string =>
	`No identity that runs here sends a request that it ${expect === "allow" ? "lets through" : "refuses"} with ${methods.join(" or ")}`

type Candidate = {
	readonly caller: ProbeCaller
	readonly request: Request & {readonly http: HTTPRequest}
	readonly host: string
}

/** The policy itself decides: what another refuses, or lets through, says nothing of this one. */
function isMeant({action, name, namespace}: Policy, expect: Probe["expect"], decision: Decision): boolean {
	if (decision.verdict !== expect) return false
	const own = decision.by.startsWith(`AuthorizationPolicy/${namespace}/${name} `)
	if (action === "ALLOW") return expect === "allow" ? own : decision.by === "no ALLOW rule matches"
	return expect === "deny" ? own : true
}

/** Requests at the boundaries of the policy, as each caller would send them by a Service; the mildest method first. */
function requestsOf(policy: Policy, scene: Scene): readonly Candidate[] {
	const {callers, callees, methods, trustDomain} = scene
	const selected = callees.filter(
		({service, labels}) =>
			service !== undefined &&
			Object.entries(policy.selector ?? {}).every(([key, value]) => labels[key] === value),
	)
	const drafts = requestsFrom([policy], {callees: selected})
		.filter(isSendable)
		.filter(({http}) => methods.includes(http.method as ProbeMethod))
		.slice(0, most)
	const weight = ({request}: Candidate) => safeMethods.indexOf(request.http.method as ProbeMethod) >>> 0
	return callers
		.flatMap((caller) => drafts.map((draft) => asSent(draft, caller, trustDomain)))
		.toSorted((a, b) => weight(a) - weight(b))
}

/** Requests of one policy that are weighed for each caller: a plan looks often. */
const most = 200

type Sendable = Request & {readonly http: HTTPRequest}

/** Without a token, which nobody has; and by a host that the cluster itself resolves. */
const isSendable = (request: Request): request is Sendable =>
	request.http !== undefined && request.http.token === undefined && request.destination.service !== undefined

function asSent(draft: Sendable, caller: ProbeCaller, trustDomain: string): Candidate {
	const {namespace, service} = draft.destination
	const {namespace: home, serviceAccount} = caller
	const name = `${service?.name}.${namespace}.svc.cluster.local`
	const host = service?.port === 80 ? name : `${name}:${service?.port}`
	const identity = {trustDomain, namespace: home, serviceAccount}
	const source = {namespace: home, serviceAccount, labels: {}, ip: draft.source.ip, identity}
	return {caller, host, request: {...draft, source, http: {...draft.http, host}}}
}

const probeOf = (policy: string, expect: Probe["expect"], {caller, request, host}: Candidate): Probe => ({
	policy,
	expect,
	caller,
	method: request.http.method as ProbeMethod,
	url: `http://${host}${request.http.path.startsWith("/") ? "" : "/"}${request.http.path}`,
	headers: request.http.headers,
})
