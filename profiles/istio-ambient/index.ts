import {gatewayApiKinds} from "../apis/gateway-api/kinds.ts"
import {istioKinds} from "../apis/istio/kinds.ts"
import type {Dataplane} from "../dataplane.ts"

export const istioAmbient: Dataplane = {
	name: "istio-ambient",
	family: "Sidecarless",
	modes: ["Sidecarless", "Wasm"],
	reads: [...istioKinds, ...gatewayApiKinds],
	detect: () => [],
	capabilities: [],
	enrol: () => ({namespace: {labels: {}, annotations: {}}, template: {labels: {}, annotations: {}}}),
	leave: () => ({namespace: {labels: {}, annotations: {}}, template: {labels: {}, annotations: {}}}),
	owns: () => false,
	evidence: () => undefined,
	hazards: () => [],
	costs: [],
}
