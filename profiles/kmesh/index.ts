import {gatewayApiKinds} from "../apis/gateway-api/kinds.ts"
import {istioKinds} from "../apis/istio/kinds.ts"
import {linkerdKinds} from "../apis/linkerd/kinds.ts"
import type {Dataplane} from "../dataplane.ts"
import {istioClients, istioWaypoints} from "../traffic/istio.ts"
import {capabilities} from "./capabilities.ts"
import {costs} from "./costs.ts"
import {detect} from "./detect.ts"
import {enrol, leave, owns} from "./enrolment.ts"
import {evidence} from "./evidence.ts"
import {hazards} from "./hazards.ts"

export const kmesh: Dataplane = {
	name: "kmesh",
	family: "Sidecarless",
	modes: ["Sidecarless"],
	reads: [...istioKinds, ...gatewayApiKinds, ...linkerdKinds],
	detect,
	capabilities,
	enrol,
	leave,
	ignoresCase: true,
	owns,
	evidence,
	hazards,
	costs,
	traffic: [istioWaypoints, istioClients],
}
