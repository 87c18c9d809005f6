import {authorizationsFor, readAuthorization} from "../apis/istio/authorization.ts"
import {readRequestAuthentication} from "../apis/istio/extensions.ts"
import {AuthorizationPolicy, RequestAuthentication} from "../apis/istio/kinds.ts"
import {strictBy} from "../apis/istio/peer-authentication.ts"
import {policiesFor} from "../apis/istio/scope.ts"
import type {Move} from "../dataplane.ts"
import {perSnapshot} from "../memo.ts"
import type {Reason} from "../reason.ts"
import {type ProfileReasonCode, reason} from "../reasons.ts"
import {type KubeObject, refOf} from "../snapshot/object.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"

/** What protects the namespace now, or identifies it to others, and would be gone without a mesh. */
export function hazards(snapshot: Snapshot, {namespace}: Move): readonly Reason[] {
	const enforced = authorizationsFor(snapshot, namespace).filter((object) => isEnforced(object))
	const tokens = policiesFor(
		snapshot,
		RequestAuthentication,
		namespace,
		(one) => readRequestAuthentication(one).value,
	)
	return [
		...each(enforced, "AuthorizationStopsBeingEnforced", "would be enforced by nobody"),
		...each(tokens, "JWTStopsBeingVerified", "would be applied by nobody"),
		...each(
			strictBy(snapshot, namespace),
			"StrictMTLSStopsBeingEnforced",
			"demands mTLS, which pods without a mesh do not",
		),
		...each(
			byNamed(snapshot).get(namespace) ?? [],
			"IdentityLostForPeers",
			`names ${namespace} by its mesh identity, which its calls would no longer carry`,
		),
	]
}

function isEnforced(object: KubeObject): boolean {
	const {dryRun, action} = readAuthorization(object).value
	return !dryRun && action !== "AUDIT"
}

function each(objects: readonly KubeObject[], code: ProfileReasonCode, what: string): readonly Reason[] {
	return objects.map((object) => reason(code, {object: refOf(object), message: `${refOf(object)} ${what}.`}))
}

/** Policies by the namespaces whose identities they name, their own left out. */
const byNamed = perSnapshot((snapshot): ReadonlyMap<string, readonly KubeObject[]> => {
	const found = new Map<string, KubeObject[]>()
	for (const object of snapshot.list(AuthorizationPolicy)) {
		const {principals, namespaces, dryRun} = readAuthorization(object).value
		if (dryRun) continue
		const identities = principals.flatMap((principal) => /\/ns\/([^/]+)\//.exec(principal)?.[1] ?? [])
		for (const name of new Set([...namespaces, ...identities])) {
			if (name !== object.metadata.namespace) found.set(name, [...(found.get(name) ?? []), object])
		}
	}
	return found
})
