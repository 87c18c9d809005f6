import {AuthorizationPolicy, RequestAuthentication} from "../../profiles/apis/istio/kinds.ts"
import type {KubeObject} from "../../profiles/snapshot/object.ts"
import type {Scene} from "./scene.ts"

/** The kinds that translations make or take away. */
export const translatedKinds = [AuthorizationPolicy, RequestAuthentication] as const

/** An object of such a kind in the namespace of the scene, by its reference. */
export function policyNamed({snapshot, name}: Scene, ref: string): KubeObject | undefined {
	const [kind, namespace, own = ""] = ref.split("/")
	const found = translatedKinds.find((one) => one.kind === kind)
	return found === undefined || namespace !== name ? undefined : snapshot.get(found, own, name)
}
