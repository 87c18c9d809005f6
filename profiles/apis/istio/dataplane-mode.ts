import type {Enrolment} from "../../dataplane.ts"

const none = {}
/** One key, and so one of its values: ztunnel and Kmesh cannot both have a pod. */
const dataplaneMode = "istio.io/dataplane-mode"

/** By new pods: the label on a running pod or on its namespace takes it over at once, established connections aside. */
export const enrolBy = (value: string): Enrolment => ({
	namespace: {labels: {[dataplaneMode]: value}, annotations: none},
	template: {labels: {[dataplaneMode]: value}, annotations: none},
})

/** A waypoint that the namespace used is of no use once its pods are out, so its label goes too. */
export const leaveMode = (): Enrolment => ({
	namespace: {
		labels: {[dataplaneMode]: null, "istio.io/use-waypoint": null, "istio.io/use-waypoint-namespace": null},
		annotations: none,
	},
	template: {labels: {[dataplaneMode]: "none"}, annotations: none},
})

/** Whether a key enrols, or sends calls through a waypoint. */
export const isModeKey = (key: string): boolean =>
	key === dataplaneMode || key === "istio.io/ingress-use-waypoint" || key.startsWith("istio.io/use-waypoint")
