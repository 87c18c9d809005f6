import {perSnapshot} from "../../memo.ts"
import type {Reason} from "../../reason.ts"
import {reason} from "../../reasons.ts"
import {MutatingWebhookConfiguration} from "../../snapshot/kinds.ts"
import {type KubeObject, refOf} from "../../snapshot/object.ts"
import type {Custom} from "../../snapshot/shapes.ts"
import type {Snapshot} from "../../snapshot/snapshot.ts"
import {controlPlanes} from "../istio/control-plane.ts"
import {GatewayClass} from "./kinds.ts"
import {readRoute} from "./routes.ts"

/** Who writes the status of a route that is attached to a Service. */
const controllers: Readonly<Record<string, string>> = {
	"istio.io/mesh-controller": "Istio",
	"linkerd.io/policy-controller": "Linkerd",
	"io.cilium/gateway-controller": "Cilium",
}

/** The meshes of a cluster that read routes with a parent Service. Kmesh reads them through istiod. */
const readers = perSnapshot((snapshot): readonly string[] => {
	const linkerd = snapshot
		.list(MutatingWebhookConfiguration)
		.some(({metadata}) => metadata.name === "linkerd-proxy-injector-webhook-config")
	const cilium = snapshot
		.list(GatewayClass)
		.some(({spec}) => spec?.controllerName === "io.cilium/gateway-controller")
	return [
		...(controlPlanes(snapshot).length > 0 ? ["Istio"] : []),
		...(linkerd ? ["Linkerd"] : []),
		...(cilium ? ["Cilium"] : []),
	]
})

/**
 * A route with a parent Service names no controller: every mesh of the cluster reads it at once (gateway-api#3444),
 * and what one refuses another may apply.
 */
export function sharedRoutes(snapshot: Snapshot, routes: readonly KubeObject[]): readonly Reason[] {
	const attached = routes.filter((route) => readRoute(route).value.inMesh)
	return attached.flatMap((route) => {
		const told = verdictsOf(route)
		const names = [...new Set([...readers(snapshot), ...told.keys()])].sort()
		if (names.length < 2) return []
		const refused = [...told].flatMap(([name, accepted]) => (accepted ? [] : [name]))
		const but = refused.length === 0 ? "" : `, and ${refused.join(" and ")} refuses it`
		const message = `${refOf(route)} is read by ${names.join(" and ")} at once${but}.`
		return [reason("RouteReadBySeveralMeshes", {object: refOf(route), message})]
	})
}

/** Meshes that have answered to a route, each with whether it takes it. */
function verdictsOf(route: Custom): ReadonlyMap<string, boolean> {
	const parents = route.status?.parents
	const found = new Map<string, boolean>()
	for (const parent of Array.isArray(parents) ? parents : []) {
		const name = controllers[parent?.controllerName]
		const conditions: unknown = parent?.conditions
		if (name === undefined || !Array.isArray(conditions)) continue
		const accepted = conditions.find((one) => one?.type === "Accepted")
		if (accepted !== undefined) found.set(name, accepted.status === "True")
	}
	return found
}
