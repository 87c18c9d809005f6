import {perSnapshot} from "../../memo.ts"
import {proxyOf} from "../../pods.ts"
import {Pod} from "../../snapshot/kinds.ts"
import type {KubeObject} from "../../snapshot/object.ts"
import type {Snapshot} from "../../snapshot/snapshot.ts"
import {controlPlanes, meshConfigOf} from "./control-plane.ts"
import {readSidecar} from "./extensions.ts"
import {Sidecar} from "./kinds.ts"

/**
 * Settings of the whole mesh by which the sidecars of a namespace refuse calls to hosts that nobody has named, where
 * they are to be seen. What the namespace's own Sidecar says of it goes before them.
 */
export function meshEgressLimits(snapshot: Snapshot, namespace: string): readonly KubeObject[] {
	const limits = limiting(snapshot)
	if (limits.length === 0) return []
	const held = snapshot.list(Pod, namespace).some((pod) => proxyOf(pod, "istio-proxy") !== undefined)
	const overruled = snapshot.list(Sidecar, namespace).some((one) => readSidecar(one).value.allowsAny)
	return held && !overruled ? limits : []
}

const limit = /^outboundTrafficPolicy:[ \t]*\n[ \t]+mode:[ \t]*["']?REGISTRY_ONLY/m

const limiting = perSnapshot((snapshot): readonly KubeObject[] =>
	controlPlanes(snapshot).flatMap((plane) => {
		const settings = meshConfigOf(snapshot, plane)
		const mesh = settings?.data?.mesh
		return settings !== undefined && typeof mesh === "string" && limit.test(mesh) ? [settings] : []
	}),
)
