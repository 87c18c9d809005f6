import type {Dataplane} from "./dataplane.ts"
import {istioAmbient} from "./istio-ambient/index.ts"
import {istioSidecar} from "./istio-sidecar/index.ts"
import {none} from "./none/index.ts"

/** Every dataplane that Heddle knows. */
export const dataplanes: readonly Dataplane[] = [istioSidecar, istioAmbient, none]

export function dataplaneNamed(name: string): Dataplane | undefined {
	return dataplanes.find((dataplane) => dataplane.name === name)
}
