import type {ControlPlane} from "../apis/istio/control-plane.ts"
import type {Installation} from "../dataplane.ts"
import {healthOf, injectorReasons} from "../istio-sidecar/detect.ts"
import {reason} from "../reasons.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"
import {mosnPlanes, mosnVersions} from "./revisions.ts"

/**
 * The revisions of Istio 1.10 that inject MOSN. Pods with MOSN whose control plane is gone, or has become a newer
 * Istio, are still seen for what they are by their evidence; there is only nothing to enrol in.
 */
export function detect(snapshot: Snapshot): readonly Installation[] {
	return mosnPlanes(snapshot).map((plane) => installation(snapshot, plane))
}

function installation(snapshot: Snapshot, plane: ControlPlane): Installation {
	const version = mosnVersions(snapshot).get(plane.revision)
	const message = `The revision ${plane.revision} injects MOSN under Istio 1.10, which is no longer maintained; MOSN follows no newer Istio.`
	const reasons = [...injectorReasons(plane), ...healthOf(plane), reason("MosnIsLegacy", {message})]
	return {
		dataplane: "mosn",
		revision: plane.revision,
		tags: plane.tags,
		...(version === undefined ? {} : {version}),
		namespaces: [plane.namespace],
		healthy: !reasons.some(({severity}) => severity === "block"),
		reasons,
	}
}
