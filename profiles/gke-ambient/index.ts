import {istioKinds} from "../apis/istio/kinds.ts"
import type {Dataplane} from "../dataplane.ts"
import {capabilities} from "./capabilities.ts"
import {costs} from "./costs.ts"
import {detect} from "./detect.ts"
import {enrol, leave, owns} from "./enrolment.ts"
import {evidence} from "./evidence.ts"
import {hazards} from "./hazards.ts"

export const gkeAmbient: Dataplane = {
	name: "gke-ambient",
	family: "Sidecarless",
	modes: ["Sidecarless"],
	reads: istioKinds,
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
