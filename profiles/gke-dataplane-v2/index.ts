import {ciliumKinds} from "../apis/cilium/kinds.ts"
import {gkeKinds} from "../apis/gke/kinds.ts"
import {istioKinds} from "../apis/istio/kinds.ts"
import type {Dataplane} from "../dataplane.ts"
import {enrol} from "../none/enrolment.ts"
import {capabilities} from "./capabilities.ts"
import {costs} from "./costs.ts"
import {detect} from "./detect.ts"
import {evidence, surroundings} from "./evidence.ts"
import {hazards} from "./hazards.ts"

/** GKE's network: always there on its clusters, no key takes a pod in or out. */
export const gkeDataplaneV2: Dataplane = {
	name: "gke-dataplane-v2",
	family: "Sidecarless",
	modes: ["Sidecarless"],
	reads: [...ciliumKinds, ...gkeKinds, ...istioKinds],
	detect,
	capabilities,
	enrol,
	leave: enrol,
	owns: () => false,
	evidence,
	surroundings,
	hazards,
	costs,
	traffic: [],
}
