import {daprKinds} from "../../apis/dapr/kinds.ts"
import type {Runtime} from "../runtime.ts"
import {costs} from "./costs.ts"
import {detect} from "./detect.ts"
import {evidence} from "./evidence.ts"
import {hazards} from "./hazards.ts"
import {enrol, owns} from "./keys.ts"

/** Dapr: a sidecar that an application calls. It captures no traffic and goes with any dataplane. */
export const dapr: Runtime = {
	name: "dapr",
	reads: daprKinds,
	detect,
	enrol,
	owns,
	evidence,
	hazards,
	costs,
}
