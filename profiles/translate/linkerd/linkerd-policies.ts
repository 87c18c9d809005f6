import {HTTPRoute as GatewayRoute} from "../../apis/gateway-api/kinds.ts"
import {
	AuthorizationPolicy,
	HTTPRoute,
	MeshTLSAuthentication,
	NetworkAuthentication,
	Server,
} from "../../apis/linkerd/kinds.ts"
import {unreadable} from "../../apis/read.ts"
import {
	readAuthorization,
	readMeshTLS,
	readNetworks,
	readRoute,
	readServer,
} from "../../policy/linkerd/read.ts"
import type {Reason} from "../../reason.ts"
import {type Kind, kindIdOf} from "../../snapshot/kinds.ts"
import {type KubeObject, refOf} from "../../snapshot/object.ts"
import type {Snapshot} from "../../snapshot/snapshot.ts"

/** Linkerd's own policies of the namespace, and what they refer to elsewhere. */
export function linkerdPolicies(snapshot: Snapshot, namespace: string): readonly KubeObject[] {
	const list = (kind: Kind): readonly KubeObject[] => snapshot.list(kind, namespace)
	const routes = [HTTPRoute, GatewayRoute].flatMap(list).filter(isOnServers)
	return [
		...list(Server),
		...list(AuthorizationPolicy),
		...routes,
		...[MeshTLSAuthentication, NetworkAuthentication].flatMap((kind): readonly KubeObject[] =>
			snapshot.list(kind),
		),
	]
}

type Parented = KubeObject & {readonly spec?: {readonly parentRefs?: unknown}}

export function isOnServers(route: KubeObject): boolean {
	const {spec} = route as Parented
	const parents = Array.isArray(spec?.parentRefs) ? (spec.parentRefs as {kind?: unknown}[]) : []
	return parents.some((one) => one?.kind === "Server")
}

const readers: Readonly<Record<string, (object: KubeObject) => {readonly faults: readonly string[]}>> = {
	[Server.id]: readServer,
	[AuthorizationPolicy.id]: readAuthorization,
	[MeshTLSAuthentication.id]: readMeshTLS,
	[NetworkAuthentication.id]: readNetworks,
	[HTTPRoute.id]: readRoute,
	[GatewayRoute.id]: readRoute,
}

/** Of authentications only those count that a policy of the namespace refers to. */
export function linkerdFaults(objects: readonly KubeObject[]): readonly Reason[] {
	const named = new Set(
		objects
			.filter((one) => kindIdOf(one) === AuthorizationPolicy.id)
			.flatMap((one) =>
				readAuthorization(one).value.required.map(
					({kind, name, namespace = one.metadata.namespace}) => `${kind}/${namespace}/${name}`,
				),
			),
	)
	const isAsked = (one: KubeObject) => !/Authentication$/.test(one.kind) || named.has(refOf(one))
	return objects.filter(isAsked).flatMap((object) => {
		const {faults} = readers[kindIdOf(object)]?.(object) ?? {faults: []}
		return faults.length === 0 ? [] : [unreadable(object, faults)]
	})
}
