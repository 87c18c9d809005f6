import type {MeshProfileExtension, MeshProfileSpec} from "../../crds/generated.ts"
import type {HostName} from "../../profiles/wasm-hosts/host.ts"

/** Where the planner may bring a module of a profile. */
export function hostsOf(
	{dataplane}: MeshProfileSpec,
	{targetRef}: MeshProfileExtension,
): readonly HostName[] {
	if (targetRef !== undefined) return ["istio-gateway", "envoy-gateway"]
	if (dataplane?.mode === "Sidecar") return ["istio-sidecar"]
	return dataplane?.mode === "Sidecarless" ? ["istio-waypoint"] : ["istio-sidecar", "istio-waypoint"]
}
