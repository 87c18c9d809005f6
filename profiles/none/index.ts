import {istioKinds} from "../apis/istio/kinds.ts"
import {linkerdKinds} from "../apis/linkerd/kinds.ts"
import type {Dataplane} from "../dataplane.ts"
import {istioClients} from "../traffic/istio.ts"
import {linkerdClients} from "../traffic/linkerd.ts"
import {capabilities} from "./capabilities.ts"
import {enrol, leave, owns} from "./enrolment.ts"
import {hazards} from "./hazards.ts"

/** No mesh: always there, costs nothing, marks no pod, and enforces nothing. */
export const none: Dataplane = {
	name: "none",
	family: "None",
	modes: ["None"],
	reads: [...istioKinds, ...linkerdKinds],
	detect: () => [
		{dataplane: "none", revision: "default", tags: [], namespaces: [], healthy: true, reasons: []},
	],
	capabilities,
	enrol,
	leave,
	owns,
	evidence: () => undefined,
	hazards,
	costs: [],
	traffic: [istioClients, linkerdClients],
}
