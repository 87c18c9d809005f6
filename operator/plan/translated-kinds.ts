import {CiliumNetworkPolicy} from "../../profiles/apis/cilium/kinds.ts"
import {HTTPRoute} from "../../profiles/apis/gateway-api/kinds.ts"
import {
	AuthorizationPolicy,
	DestinationRule,
	RequestAuthentication,
	VirtualService,
} from "../../profiles/apis/istio/kinds.ts"
import {NetworkPolicy, Service} from "../../profiles/snapshot/kinds.ts"
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
] as const

/** An object of such a kind in the namespace of the scene, by its reference. */
export function policyNamed({snapshot, name}: Scene, ref: string): KubeObject | undefined {
	const [kind, namespace, own = ""] = ref.split("/")
	const found = translatedKinds.find((one) => one.kind === kind)
	return found === undefined || namespace !== name ? undefined : snapshot.get(found, own, name)
}
