import {reasonsOf} from "./reasons/catalogue.ts"
import {controlPlaneReasons} from "./reasons/control-plane.ts"
import {policyReasons} from "./reasons/policy.ts"
import {trafficReasons} from "./reasons/traffic.ts"

/** Every code that the profiles can give. The planner's own stand beside it in `operator/plan`. */
export const profileReasons = {...controlPlaneReasons, ...policyReasons, ...trafficReasons}

export type ProfileReasonCode = keyof typeof profileReasons

/** Makes a reason of the profiles' catalogue. */
export const reason = reasonsOf<ProfileReasonCode>(profileReasons)
