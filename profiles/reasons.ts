import {conflictReasons} from "./conflicts/reasons.ts"
import {reasonsOf} from "./reasons/catalogue.ts"
import {ciliumReasons} from "./reasons/cilium.ts"
import {controlPlaneReasons} from "./reasons/control-plane.ts"
import {daprReasons} from "./reasons/dapr.ts"
import {gkeReasons} from "./reasons/gke.ts"
import {kmeshReasons} from "./reasons/kmesh.ts"
import {kubernetesReasons} from "./reasons/kubernetes.ts"
import {linkerdReasons} from "./reasons/linkerd.ts"
import {mosnReasons} from "./reasons/mosn.ts"
import {policyReasons} from "./reasons/policy.ts"
import {routeReasons} from "./reasons/routes.ts"
import {trafficReasons} from "./reasons/traffic.ts"
import {translationReasons} from "./reasons/translation.ts"
import {wasmReasons} from "./reasons/wasm.ts"

/** Every code that the profiles can give. The planner's own stand beside it in `operator/plan`. */
export const profileReasons = {
	...conflictReasons,
	...controlPlaneReasons,
	...ciliumReasons,
	...gkeReasons,
	...policyReasons,
	...routeReasons,
	...trafficReasons,
	...translationReasons,
	...mosnReasons,
	...kubernetesReasons,
	...kmeshReasons,
	...linkerdReasons,
	...daprReasons,
	...wasmReasons,
}

export type ProfileReasonCode = keyof typeof profileReasons

/** Makes a reason of the profiles' catalogue. */
export const reason = reasonsOf<ProfileReasonCode>(profileReasons)
