import {AuthorizationPolicy, Server, ServerAuthorization} from "../apis/linkerd/kinds.ts"
import {heldBy} from "../apis/linkerd/pods.ts"
import {
	defaultPolicies,
	inboundPolicy,
	ownDefault,
	readAuthorization,
	readServer,
	readServerAuthorization,
	refusesSome,
	refusesUnmeshed,
} from "../apis/linkerd/policy.ts"
import type {Move} from "../dataplane.ts"
import {annotationOf, selects} from "../pods.ts"
import type {Reason} from "../reason.ts"
import {reason} from "../reasons.ts"
import {Namespace} from "../snapshot/kinds.ts"
import {type KubeObject, refOf} from "../snapshot/object.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"
import {isOwned} from "../translate/owned.ts"
import {podLabelsIn} from "../workloads.ts"

export function policyHazards(snapshot: Snapshot, move: Move): readonly Reason[] {
	return [...strictHazard(snapshot, move), ...beginningHazards(snapshot, move.namespace)]
}

/**
 * Heddle writes no inbound policy of Linkerd's: what a profile asks for has to stand there, for proxies read it when
 * their pods are made.
 */
function strictHazard(snapshot: Snapshot, {namespace, uses = []}: Move): readonly Reason[] {
	const asked = uses.some(
		({name, usedBy}) => name === "MTLSStrict" && usedBy.some((ref) => ref.startsWith("MeshProfile/")),
	)
	if (!asked) return []
	const said = defaultPolicies(snapshot, namespace)
	const whole = said.some(({ref, value}) => ref === `Namespace/${namespace}` && refusesUnmeshed(value))
	const looser = [
		...said.filter(({value}) => !refusesUnmeshed(value)).map(({ref}) => ref),
		...snapshot
			.list(Server, namespace)
			.filter((one) => !refusesUnmeshed(readServer(one).value.accessPolicy))
			.map(refOf),
	]
	if (whole && looser.length === 0) return []
	const why = whole ? `${looser.join(", ")} admits plaintext` : "its annotations do not say so"
	const message = `The profile asks for strict mTLS in ${namespace}, and ${why}.`
	return [reason("LinkerdAdmitsPlaintext", {object: `Namespace/${namespace}`, message})]
}

/** Policies that begin to act when pods of the namespace get Linkerd's proxy. Where all have it, they act already. */
function beginningHazards(snapshot: Snapshot, namespace: string): readonly Reason[] {
	if (!heldBy(snapshot, namespace).outsideLinkerd) return []
	// What a translation made closes what was closed before.
	const servers = snapshot
		.list(Server, namespace)
		.filter((object) => !isOwned(object) && isInForce(snapshot, namespace, object))
	return [
		...servers.map((object) => serverHazard(snapshot, namespace, object)),
		...defaultPolicies(snapshot, namespace)
			.filter(({value}) => refusesUnmeshed(value))
			.map(({ref, value}) => refuses(ref, `${ref} has the inbound policy ${value}`)),
		...ownHazard(snapshot, namespace),
	]
}

/** Pods of a namespace that asks for nothing go by Linkerd's own default. */
function ownHazard(snapshot: Snapshot, namespace: string): readonly Reason[] {
	const space = snapshot.get(Namespace, namespace)
	const value = ownDefault(snapshot)
	const asks = space !== undefined && annotationOf(space, inboundPolicy) !== undefined
	if (asks || value === undefined || !refusesUnmeshed(value)) return []
	return [refuses(`Namespace/${namespace}`, `Linkerd's own inbound policy is ${value}`)]
}

function isInForce(snapshot: Snapshot, namespace: string, object: KubeObject): boolean {
	const {selector, accessPolicy} = readServer(object).value
	if (selector === undefined || !refusesSome(accessPolicy)) return false
	return podLabelsIn(snapshot, namespace).some((labels) => selects(selector, labels))
}

function serverHazard(snapshot: Snapshot, namespace: string, server: KubeObject): Reason {
	const ref = refOf(server)
	const {accessPolicy} = readServer(server).value
	if (accessPolicy !== "deny" || isNamed(snapshot, namespace, server))
		return refuses(ref, `${ref} admits only whom it names`)
	const message = `${ref} selects pods and no authorization names it: everyone would be refused on its port.`
	return reason("LinkerdServerClosesPort", {object: ref, message})
}

const refuses = (object: string, what: string): Reason =>
	reason("LinkerdRefusesUnmeshed", {object, message: `${what}; callers outside of Linkerd may be refused.`})

/** Some authorization is for this Server, for a route, which only a Server can have, or for all of the namespace. */
function isNamed(snapshot: Snapshot, namespace: string, server: KubeObject): boolean {
	const {name, labels = {}} = server.metadata
	const policies = snapshot.list(AuthorizationPolicy, namespace).some((one) => {
		const {target} = readAuthorization(one).value
		return target.kind !== "Server" || target.name === name
	})
	const older = snapshot.list(ServerAuthorization, namespace).some((one) => {
		const {server: named, selector} = readServerAuthorization(one).value
		return named === name || (selector !== undefined && selects(selector, labels))
	})
	return policies || older
}
