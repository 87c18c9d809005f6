import {labelOf} from "../../../profiles/pods.ts"
import type {KubeObject} from "../../../profiles/snapshot/object.ts"
import {managedBy, labels as names} from "../../api/names.ts"

/** Ends the names of the copies of Deployments on which modules are tried. */
export const twinSuffix = "-heddle-canary"

/**
 * A copy that Heddle has made for a canary. It is no workload of the namespace: it is never moved, priced or counted,
 * and goes when the canary ends.
 */
export const isTwin = (object: KubeObject): boolean =>
	object.metadata.name.endsWith(twinSuffix) &&
	labelOf(object, names.managedBy) === managedBy &&
	labelOf(object, names.canary) !== undefined

/** A pod of such a copy, also of one that is gone while its pod still ends. */
export const isTwinPod = ({metadata}: KubeObject): boolean =>
	metadata.labels?.[names.canary] !== undefined &&
	(metadata.ownerReferences ?? []).some(({name}) => name.includes(twinSuffix))
