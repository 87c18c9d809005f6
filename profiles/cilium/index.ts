import {isZtunnelEnrolled} from "../apis/cilium/duties.ts"
import {ciliumKinds} from "../apis/cilium/kinds.ts"
import {gatewayApiKinds} from "../apis/gateway-api/kinds.ts"
import {istioKinds} from "../apis/istio/kinds.ts"
import type {Dataplane} from "../dataplane.ts"
import {hubbleClients, hubbleServers} from "../traffic/cilium.ts"
import {capabilities} from "./capabilities.ts"
import {costs} from "./costs.ts"
import {detect} from "./detect.ts"
import {enrol, leave, owns} from "./enrolment.ts"
import {evidence, surroundings} from "./evidence.ts"
import {hazards} from "./hazards.ts"

export const cilium: Dataplane = {
	name: "cilium",
	family: "Sidecarless",
	modes: ["Sidecarless"],
	reads: [...ciliumKinds, ...gatewayApiKinds, ...istioKinds],
	detect,
	capabilities,
	enrol,
	leave,
	owns,
	evidence,
	surroundings,
	endIn: (snapshot, namespace) => (isZtunnelEnrolled(snapshot, namespace) ? "cilium-ztunnel" : "cilium"),
	hazards,
	costs,
	traffic: [hubbleServers, hubbleClients],
}
