import type {Keys} from "../../dataplane.ts"
import {annotationOf, containersOf} from "../../pods.ts"
import type {PodTemplate} from "../../snapshot/shapes.ts"
import type {Snapshot} from "../../snapshot/snapshot.ts"
import type {Templated} from "../../workloads.ts"
import {nothingToSet, type RuntimeWish} from "../runtime.ts"

/** dapr:pkg/injector/annotations/annotations.go */
export const keys = {
	enabled: "dapr.io/enabled",
	appId: "dapr.io/app-id",
	appPort: "dapr.io/app-port",
	config: "dapr.io/config",
	native: "dapr.io/enable-native-sidecar",
} as const

export const asksForDapr = (template: PodTemplate): boolean => isTrue(annotationOf(template, keys.enabled))

/** dapr:pkg/injector takes yes, 1, on and t as well. */
export const isTrue = (value: string | undefined): boolean => /^(y|yes|true|on|1|t)$/i.test(value ?? "")

/** Jobs are left to their owners: with daprd as a plain container they would not end. */
export const isJob = ({object}: Templated): boolean => object.kind === "Job" || object.kind === "CronJob"

/** The profile means this workload: it can be rolled, and its owner has said neither yes nor no. */
export const isMeant = (workload: Templated, {dapr}: RuntimeWish): boolean =>
	dapr?.enabled === true &&
	!isJob(workload) &&
	workload.object.kind !== "Pod" &&
	annotationOf(workload.template, keys.enabled) === undefined &&
	workload.template.spec?.hostNetwork !== true

/**
 * The only TCP port of the template's only container with ports; undefined where there is a choice. Dapr waits for
 * this port before it is ready, so a wrong guess would keep the pod from ever being so.
 */
export function appPort(template: PodTemplate): number | undefined {
	const ports = containersOf(template.spec)
		.flatMap((container) => (Array.isArray(container.ports) ? container.ports : []))
		.filter(({protocol}) => protocol === undefined || protocol === "TCP")
	return ports.length === 1 ? ports[0]?.containerPort : undefined
}

/** The app-id that a workload has or would get: Dapr's own default, the name of the pod, is another for each pod. */
export const appIdOf = ({object, template}: Templated): string =>
	annotationOf(template, keys.appId) ?? object.metadata.name

export function enrol(_: Snapshot, workload: Templated, wish: RuntimeWish): Keys {
	if (!isMeant(workload, wish)) return nothingToSet
	const {template} = workload
	const port = appPort(template)
	const wanted = {
		[keys.enabled]: "true",
		[keys.appId]: appIdOf(workload),
		...(port === undefined ? {} : {[keys.appPort]: String(port)}),
	}
	const missing = Object.entries(wanted).filter(([key]) => annotationOf(template, key) === undefined)
	return {labels: {}, annotations: Object.fromEntries(missing)}
}

export const owns = (key: string): boolean =>
	key === keys.enabled || key === keys.appId || key === keys.appPort
