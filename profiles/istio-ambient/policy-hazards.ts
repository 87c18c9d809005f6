import {
	type Authorization,
	authorizationsFor,
	l7Fields,
	type Match,
	readAuthorization,
} from "../apis/istio/authorization.ts"
import {meshEgressLimits} from "../apis/istio/egress-limit.ts"
import {readExtension, readRequestAuthentication, readSidecar} from "../apis/istio/extensions.ts"
import {
	ProxyConfig,
	RequestAuthentication,
	Sidecar,
	TrafficExtension,
	WasmPlugin,
} from "../apis/istio/kinds.ts"
import {peerAuthenticationsFor, readPeerAuthentication} from "../apis/istio/peer-authentication.ts"
import {type Attachment, policiesFor} from "../apis/istio/scope.ts"
import {namespacesWithSidecars} from "../istio-sidecar/evidence.ts"
import {listed} from "../names.ts"
import type {Reason} from "../reason.ts"
import {type ProfileReasonCode, reason} from "../reasons.ts"
import {type KubeObject, refOf} from "../snapshot/object.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"
import {missingWaypoint} from "./waypoints.ts"

/** Policies that ztunnel or a waypoint would read differently than sidecars do, or not at all. */
export function policyHazards(snapshot: Snapshot, namespace: string): readonly Reason[] {
	const authorizations = authorizationsFor(snapshot, namespace)
	const tokens = policiesFor(
		snapshot,
		RequestAuthentication,
		namespace,
		(one) => readRequestAuthentication(one).value,
	)
	const extensions = [WasmPlugin, TrafficExtension].flatMap((kind) =>
		policiesFor(snapshot, kind, namespace, (one) => readExtension(one).value),
	)
	return [
		...authorizations.flatMap((object) => authorizationHazards(object, readAuthorization(object).value)),
		...tokens.flatMap((object) =>
			selectorHazard(object, readRequestAuthentication(object).value, "JWTNotVerifiedAtZtunnel"),
		),
		...extensions.flatMap((object) =>
			selectorHazard(object, readExtension(object).value, "ExtensionNotRunAtZtunnel"),
		),
		...waypointHazards(snapshot, namespace, [
			...authorizations.map((object) => ({object, ...readAuthorization(object).value})),
			...tokens.map((object) => ({object, ...readRequestAuthentication(object).value})),
			...extensions.map((object) => ({object, ...readExtension(object).value})),
		]),
		...peerAuthenticationsFor(snapshot, namespace).flatMap(disableHazard),
		...snapshot.list(Sidecar, namespace).map(sidecarHazard),
		...meshEgressLimits(snapshot, namespace).map((object) => egressHazard(refOf(object))),
		...snapshot.list(ProxyConfig, namespace).map(proxyConfigHazard),
	]
}

function authorizationHazards(object: KubeObject, policy: Authorization): readonly Reason[] {
	if (policy.targetRefs.length > 0 || policy.dryRun) return []
	const ref = refOf(object)
	if (policy.action === "CUSTOM" || policy.action === "AUDIT") {
		return [
			reason("ActionUnsupportedAtZtunnel", {
				object: ref,
				message: `${ref} has the action ${policy.action}, which ztunnel ignores.`,
			}),
		]
	}
	const fields = l7Fields(policy)
	if (fields.length === 0) return []
	const what = `${ref} would be read by ztunnel, which cannot check ${fields.join(", ")}`
	if (policy.action === "ALLOW" && policy.rules.some(admitsEveryTrustDomain)) {
		return [
			reason("TrustDomainsLeftOutAtZtunnel", {
				object: ref,
				message: `${what}: callers of every trust domain would be let in.`,
			}),
		]
	}
	if (policy.action === "ALLOW") {
		return [
			reason("L7AllowOverDeniesAtZtunnel", {
				object: ref,
				message: `${what}: what these rules allow would be denied.`,
			}),
		]
	}
	return loses(policy)
		? [
				reason("L7DenyIsNoOpAtZtunnel", {
					object: ref,
					message: `${what}: what these rules deny would be let through.`,
				}),
			]
		: [
				reason("L7DenyOverDeniesAtZtunnel", {
					object: ref,
					message: `${what}: it would deny more than it says.`,
				}),
			]
}

/**
 * istiod drops an ALLOW rule with attributes of HTTP, and yet not one with trust domains: of that one the rest goes on.
 * Source: istio pilot/pkg/serviceregistry/ambient/authorization.go, httpSources.
 */
function admitsEveryTrustDomain({clauses}: Authorization["rules"][number]): boolean {
	const matches = clauses.flat()
	const beyond = matches.flatMap(({l7}) => l7)
	return (
		beyond.length > 0 &&
		beyond.every((path) => /[tT]rustDomains$/.test(path)) &&
		matches.some(({l4, l7}) => l4 && l7.length > 0)
	)
}

/**
 * A match that HTTP attributes alone make up is left empty, and ztunnel skips an empty match: this alternative of
 * a DENY is lost, and the whole rule when it was the only one of its clause.
 */
function loses({rules}: Authorization): boolean {
	const empty = ({l4, l7}: Match) => l7.length > 0 && !l4
	return rules.some(({clauses}) => clauses.flat().some(empty))
}

function selectorHazard(
	object: KubeObject,
	{targetRefs}: Attachment,
	code: ProfileReasonCode,
): readonly Reason[] {
	if (targetRefs.length > 0) return []
	const ref = refOf(object)
	return [
		reason(code, {
			object: ref,
			message: `${ref} selects pods; in ambient only what is attached to a waypoint by targetRefs is looked at.`,
		}),
	]
}

type Attached = Attachment & {readonly object: KubeObject}

function waypointHazards(
	snapshot: Snapshot,
	namespace: string,
	policies: readonly Attached[],
): readonly Reason[] {
	const attached = policies.filter(
		({targetRefs, object}) => targetRefs.length > 0 && object.metadata.namespace === namespace,
	)
	const missing = attached.flatMap(({object, targetRefs}) => {
		const whys = targetRefs.flatMap((ref) => missingWaypoint(snapshot, namespace, ref) ?? [])
		const message = `${refOf(object)} would be skipped: ${whys.join("; ")}.`
		return whys.length === 0 ? [] : [reason("PolicyTargetsMissingWaypoint", {object: refOf(object), message})]
	})
	return [...missing, ...bypassHazard(snapshot, attached)]
}

function bypassHazard(snapshot: Snapshot, attached: readonly Attached[]): readonly Reason[] {
	const callers = attached.length === 0 ? [] : namespacesWithSidecars(snapshot)
	if (callers.length === 0) return []
	const policies = attached.map(({object}) => refOf(object)).join(", ")
	const message = `Callers with sidecars (${listed(callers)}) skip the waypoint, and with it ${policies}.`
	return [reason("SidecarCallersBypassWaypoint", {message})]
}

function disableHazard(object: KubeObject): readonly Reason[] {
	const {mode, portModes} = readPeerAuthentication(object).value
	if (![mode, ...portModes].includes("DISABLE")) return []
	const ref = refOf(object)
	return [
		reason("PeerAuthenticationDisableIgnored", {
			object: ref,
			message: `${ref} switches mTLS off, which ambient ignores.`,
		}),
	]
}

function sidecarHazard(object: KubeObject): Reason {
	const ref = refOf(object)
	return readSidecar(object).value.registryOnly
		? egressHazard(ref)
		: reason("SidecarResourceIgnored", {
				object: ref,
				message: `${ref} tunes sidecars; ambient does not look at it.`,
			})
}

const egressHazard = (object: string): Reason =>
	reason("EgressRestrictionIgnored", {
		object,
		message: `${object} allows calls to known hosts only; in ambient calls to any host pass.`,
	})

function proxyConfigHazard(object: KubeObject): Reason {
	const ref = refOf(object)
	const message = `${ref} tunes the proxies of pods; in ambient a waypoint alone looks at it.`
	return reason("SidecarResourceIgnored", {object: ref, message})
}
