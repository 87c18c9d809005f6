import type {KubeObject} from "../../kube/client.ts"
import {istioNamespace} from "../../mesh/istiod.ts"
import {cniFolders} from "../settings.ts"

/**
 * Istio's profile for ambient, on a node whose Envoy is a stock one. Of what istiod sends to waypoints, and to sidecars
 * for HBONE, a stock Envoy lacks two extensions of Istio's own build.
 * - `istio.hashable_string` keeps connections inside of the proxy apart by caller. Proxies before 1.29.2 did without
 *   it, and istiod still has their configuration: so they say that they are of that version.
 *   Source: istio:pilot/pkg/networking/core/listener_waypoint.go
 * - `io.istio.http.peer_metadata` names callers and callees in metrics and logs. No setting leaves it out; the objects
 *   below do.
 */
export const settings: readonly string[] = [
	"profile=ambient",
	"values.global.variant=",
	`values.cni.cniBinDir=${cniFolders.bin}`,
	`values.cni.cniConfDir=${cniFolders.conf}`,
	"meshConfig.defaultConfig.proxyMetadata.ISTIO_META_ISTIO_VERSION=1.29.1",
]

const connectionManager = "envoy.filters.network.http_connection_manager"

const without = (filter: string) => ({
	applyTo: "HTTP_FILTER",
	match: {
		context: "SIDECAR_INBOUND",
		listener: {filterChain: {filter: {name: connectionManager, subFilter: {name: filter}}}},
	},
	patch: {operation: "REMOVE"},
})

/** Part of the installation, and marked like everything of it: no customization by who uses the mesh. */
const metadata = (name: string) => ({
	name,
	namespace: istioNamespace.metadata.name,
	labels: {"operator.istio.io/component": "Pilot"},
})

const common = {apiVersion: "networking.istio.io/v1alpha3", kind: "EnvoyFilter"}

/** Waypoints read those patches alone that are attached to their class, and sidecars those alone that are not. */
export const objects: readonly KubeObject[] = [
	{
		...common,
		metadata: metadata("stock-envoy-waypoints"),
		spec: {
			targetRefs: [{group: "gateway.networking.k8s.io", kind: "GatewayClass", name: "istio-waypoint"}],
			configPatches: ["waypoint_downstream_peer_metadata", "waypoint_upstream_peer_metadata"].map(without),
		},
	},
	{
		...common,
		metadata: metadata("stock-envoy-sidecars"),
		spec: {configPatches: [without("waypoint_downstream_peer_metadata")]},
	},
]
