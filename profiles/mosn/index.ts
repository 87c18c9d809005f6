import {gatewayApiKinds} from "../apis/gateway-api/kinds.ts"
import {istioKinds} from "../apis/istio/kinds.ts"
import {linkerdKinds} from "../apis/linkerd/kinds.ts"
import type {Dataplane} from "../dataplane.ts"
import {capabilities} from "./capabilities.ts"
import {costs} from "./costs.ts"
import {detect} from "./detect.ts"
import {enrol, leave, owns} from "./enrolment.ts"
import {evidence} from "./evidence.ts"
import {hazards} from "./hazards.ts"

/** Legacy: observed and migrated away from. Migrating in takes an Istio 1.10 that injects it, and acceptance. */
export const mosn: Dataplane = {
	name: "mosn",
	family: "Sidecar",
	modes: ["Sidecar", "Wasm"],
	reads: [...istioKinds, ...gatewayApiKinds, ...linkerdKinds],
	detect,
	capabilities,
	enrol,
	leave,
	owns,
	evidence,
	hazards,
	costs,
	traffic: [],
}
