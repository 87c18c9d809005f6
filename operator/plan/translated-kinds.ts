import {CiliumNetworkPolicy} from "../../profiles/apis/cilium/kinds.ts"
import {HTTPRoute} from "../../profiles/apis/gateway-api/kinds.ts"
import {
	AuthorizationPolicy,
	DestinationRule,
	RequestAuthentication,
	VirtualService,
} from "../../profiles/apis/istio/kinds.ts"
import * as linkerd from "../../profiles/apis/linkerd/kinds.ts"
import {type Kind, NetworkPolicy, Service} from "../../profiles/snapshot/kinds.ts"
import type {KubeObject} from "../../profiles/snapshot/object.ts"
import type {Scene} from "./scene.ts"

/** The kinds that translations make or take away. */
export const translatedKinds = [
	AuthorizationPolicy,
	RequestAuthentication,
	VirtualService,
	DestinationRule,
	HTTPRoute,
	Service,
	CiliumNetworkPolicy,
	NetworkPolicy,
	linkerd.Server,
	linkerd.AuthorizationPolicy,
	linkerd.MeshTLSAuthentication,
	linkerd.NetworkAuthentication,
	linkerd.HTTPRoute,
] as const

/** The kind of an address: by its name alone, or with its group where that is not enough. */
export const kindNamed = (kinds: readonly Kind[], name: string): Kind | undefined =>
	kinds.find((one) => (name.includes(".") ? one.id : one.kind) === name)

/** An object of such a kind in the namespace of the scene, by its address. */
export function policyNamed({snapshot, name}: Scene, ref: string): KubeObject | undefined {
	const [kind, namespace, own = ""] = ref.split("/")
	const found = kindNamed(translatedKinds, kind ?? "")
	return found === undefined || namespace !== name ? undefined : snapshot.get(found, own, name)
}
