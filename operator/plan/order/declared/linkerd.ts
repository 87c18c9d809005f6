import {
	AuthorizationPolicy,
	HTTPRoute,
	MeshTLSAuthentication,
	Server,
	ServerAuthorization,
} from "../../../../profiles/apis/linkerd/kinds.ts"
import {readAuthorization, readMeshTLS, readServer} from "../../../../profiles/apis/linkerd/policy.ts"
import {readSpec} from "../../../../profiles/apis/read.ts"
import {type KubeObject, refOf} from "../../../../profiles/snapshot/object.ts"
import type {Snapshot} from "../../../../profiles/snapshot/snapshot.ts"
import {anyone, type Claim, type Party} from "../claim.ts"

/**
 * Callers that Linkerd's policies admit to a Server; a Server refuses all others unless its accessPolicy says otherwise.
 * Source: https://linkerd.io/2/reference/authorization-policy/
 */
export function claimsOfLinkerd(snapshot: Snapshot, namespace: string): readonly Claim[] {
	const policies = snapshot.list(AuthorizationPolicy, namespace)
	const older = snapshot.list(ServerAuthorization, namespace)
	return snapshot.list(Server, namespace).flatMap((server) => {
		const {selector, accessPolicy} = readServer(server).value
		if (selector === undefined) return []
		const callee = {namespace, labels: selector}
		const about = policies.filter((policy) => isAbout(snapshot, policy, server.metadata.name))
		const open = accessPolicy !== "deny" || older.length > 0
		const own: Claim = {callee, callers: open ? [anyone] : [], gate: "linkerd", by: refOf(server)}
		return [
			own,
			...about.map((policy) => ({
				callee,
				callers: callersOf(snapshot, policy),
				gate: "linkerd" as const,
				by: refOf(policy),
			})),
		]
	})
}

function isAbout(snapshot: Snapshot, policy: KubeObject, server: string): boolean {
	const {kind, name} = readAuthorization(policy).value.target
	if (kind === "Server") return name === server
	if (kind === "Namespace") return true
	const route = snapshot.get(HTTPRoute, name, policy.metadata.namespace)
	const parents =
		route &&
		readSpec(route, (spec) =>
			spec
				.at("parentRefs")
				.items()
				.map((ref) => ref.at("name").text()),
		)
	return parents?.value.includes(server) ?? false
}

/** Every authentication has to hold; one that names identities is enough to know who calls. */
function callersOf(snapshot: Snapshot, policy: KubeObject): readonly Party[] {
	const own = policy.metadata.namespace ?? ""
	const named = readAuthorization(policy).value.authentications.flatMap(
		({kind, name, namespace = own}): readonly (readonly Party[])[] => {
			if (kind === "ServiceAccount") return [[{namespace, account: name}]]
			const found = snapshot.get(MeshTLSAuthentication, name, namespace)
			return kind !== "MeshTLSAuthentication" || found === undefined ? [] : [identitiesOf(found)]
		},
	)
	return named[0] ?? [anyone]
}

function identitiesOf(authentication: KubeObject): readonly Party[] {
	const own = authentication.metadata.namespace ?? ""
	const {identities, accounts} = readMeshTLS(authentication).value
	return [
		...identities.map(partyOfIdentity),
		...accounts.map(({kind, name, namespace = own}) =>
			kind === "Namespace" ? {namespace: name} : {namespace, account: name},
		),
	]
}

/** `web.shop.serviceaccount.identity.linkerd.cluster.local`. */
function partyOfIdentity(identity: string): Party {
	const [account = "*", namespace = "*", what] = identity.split(".")
	if (what !== "serviceaccount" || namespace === "*") return anyone
	return account === "*" ? {namespace} : {namespace, account}
}
