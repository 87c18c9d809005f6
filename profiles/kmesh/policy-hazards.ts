import {authorizationsFor, l7Fields, readAuthorization} from "../apis/istio/authorization.ts"
import {meshEgressLimits} from "../apis/istio/egress-limit.ts"
import {readExtension, readRequestAuthentication, readSidecar} from "../apis/istio/extensions.ts"
import {RequestAuthentication, Sidecar, TrafficExtension, WasmPlugin} from "../apis/istio/kinds.ts"
import {policiesFor} from "../apis/istio/scope.ts"
import type {Reason} from "../reason.ts"
import {reason} from "../reasons.ts"
import {type KubeObject, refOf} from "../snapshot/object.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"

/** Policies that select pods, which the agent would evaluate, in part or not at all. */
export function policyHazards(snapshot: Snapshot, namespace: string): readonly Reason[] {
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
		...authorizationsFor(snapshot, namespace).flatMap(authorizationHazards),
		...tokens
			.filter((one) => readRequestAuthentication(one).value.targetRefs.length === 0)
			.map((one) => ignored(one, "verifies tokens at pods")),
		...extensions
			.filter((one) => readExtension(one).value.targetRefs.length === 0)
			.map((one) => ignored(one, "extends the proxies of pods")),
		...[
			...snapshot.list(Sidecar, namespace).filter((one) => readSidecar(one).value.registryOnly),
			...meshEgressLimits(snapshot, namespace),
		].map((one) => {
			const message = `${refOf(one)} allows calls to known hosts only; on Kmesh calls to any host pass.`
			return reason("EgressRestrictionIgnored", {object: refOf(one), message})
		}),
	]
}

function ignored(object: KubeObject, what: string): Reason {
	const message = `${refOf(object)} ${what}; on Kmesh only what is attached to a waypoint by targetRefs is looked at.`
	return reason("KmeshIgnoresPolicy", {object: refOf(object), message})
}

function authorizationHazards(object: KubeObject): readonly Reason[] {
	const policy = readAuthorization(object).value
	const ref = refOf(object)
	if (policy.targetRefs.length > 0 || policy.dryRun) return []
	if (policy.action === "CUSTOM" || policy.action === "AUDIT")
		return [ignored(object, `has the action ${policy.action}, which the agent does not know`)]
	const fields = l7Fields(policy)
	if (fields.length > 0) {
		const message = `${ref} would be evaluated by Kmesh's agent without ${fields.join(", ")}: it would deny more, or let through what it denies.`
		return [reason("KmeshIgnoresHTTPAttributes", {object: ref, message})]
	}
	const message = `${ref} would be evaluated by Kmesh's agent beside the connection: its first bytes may arrive before the verdict.`
	return [reason("KmeshAuthorizationLags", {object: ref, message})]
}
