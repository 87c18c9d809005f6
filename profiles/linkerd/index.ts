import {gatewayApiKinds} from "../apis/gateway-api/kinds.ts"
import {linkerdKinds} from "../apis/linkerd/kinds.ts"
import type {Dataplane} from "../dataplane.ts"
import {linkerdClients, linkerdServers} from "../traffic/linkerd.ts"
import {capabilities} from "./capabilities.ts"
import {costs} from "./costs.ts"
import {detect} from "./detect.ts"
import {enrol, leave, owns} from "./enrolment.ts"
import {evidence} from "./evidence.ts"
import {hazards} from "./hazards.ts"

export const linkerd: Dataplane = {
	name: "linkerd",
	family: "Sidecar",
	modes: ["Sidecar"],
	reads: [...linkerdKinds, ...gatewayApiKinds],
	detect,
	capabilities,
	enrol,
	leave,
	owns,
	evidence,
	hazards,
	costs,
	traffic: [linkerdServers, linkerdClients],
}
