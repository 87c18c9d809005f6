import {cilium} from "./cilium/index.ts"
import type {Dataplane} from "./dataplane.ts"
import {gkeAmbient} from "./gke-ambient/index.ts"
import {gkeDataplaneV2} from "./gke-dataplane-v2/index.ts"
import {istioAmbient} from "./istio-ambient/index.ts"
import {istioSidecar} from "./istio-sidecar/index.ts"
import {kmesh} from "./kmesh/index.ts"
import {linkerd} from "./linkerd/index.ts"
import {mosn} from "./mosn/index.ts"
import {none} from "./none/index.ts"

/** Every dataplane that Heddle knows. */
export const dataplanes: readonly Dataplane[] = [
	istioSidecar,
	istioAmbient,
	linkerd,
	cilium,
	gkeDataplaneV2,
	gkeAmbient,
	kmesh,
	mosn,
	none,
]

export function dataplaneNamed(name: string): Dataplane | undefined {
	return dataplanes.find((dataplane) => dataplane.name === name)
}
