import {daprFeatures, mutualTLSOf} from "../../apis/dapr/features.ts"
import {plural} from "../../names.ts"
import {annotationOf} from "../../pods.ts"
import type {Reason} from "../../reason.ts"
import {reason} from "../../reasons.ts"
import * as kinds from "../../snapshot/kinds.ts"
import {refOf} from "../../snapshot/object.ts"
import type {Snapshot} from "../../snapshot/snapshot.ts"
import {type Templated, templatesIn} from "../../workloads.ts"
import type {RuntimeMove} from "../runtime.ts"
import {type DaprPlane, daprPlane, detect, failsOpen} from "./detect.ts"
import {evidence} from "./evidence.ts"
import {appIdOf, appPort, asksForDapr, isJob, isMeant, isTrue, keys} from "./keys.ts"

/** A namespace that neither has Dapr nor is to get it has no reason here. */
export function hazards(snapshot: Snapshot, move: RuntimeMove): readonly Reason[] {
	const wanted = move.wish.dapr?.enabled === true
	const plane = daprPlane(snapshot)
	if (plane === undefined && !wanted) return []
	const all = templatesIn(snapshot, move.namespace)
	const given = all.filter((one) => isMeant(one, move.wish))
	const asking = all.filter(({template}) => asksForDapr(template))
	if (!wanted && asking.length === 0) return []
	return [
		...installedHazards(snapshot, plane, {needed: wanted, given}),
		...appIdHazards(given, [...asking, ...given]),
		...given.flatMap(portHazard),
		...jobHazards(all, wanted),
		...(wanted ? [] : staysHazard(move, asking)),
		...missingHazards(snapshot, move.namespace),
		...(plane === undefined ? [] : mutualTLSHazards(snapshot, plane, move)),
		...featureHazards(snapshot, move.namespace, asking),
	]
}

type Need = {readonly needed: boolean; readonly given: readonly Templated[]}

function installedHazards(snapshot: Snapshot, plane: DaprPlane | undefined, {needed, given}: Need) {
	if (plane === undefined)
		return needed ? [reason("RuntimeNotInstalled", {message: "No control plane of Dapr was found."})] : []
	const unhealthy = given.length > 0 ? detect(snapshot).flatMap(({reasons}) => reasons) : []
	const open = failsOpen(plane)
		? [reason("DaprFailsOpen", {message: "The webhook dapr-sidecar-injector has failurePolicy Ignore."})]
		: []
	return [...unhealthy, ...open]
}

/** Dapr makes a Service named `<app-id>-dapr` (dapr:pkg/validation). */
const usableId = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/
const longestId = 63 - "-dapr".length

/** Workloads whose owners gave them one app-id mean one application by it; a default of Heddle's must never do that. */
function appIdHazards(given: readonly Templated[], all: readonly Templated[]): readonly Reason[] {
	return given.flatMap((workload) => {
		const object = refOf(workload.object)
		const id = appIdOf(workload)
		if (id.length > longestId || !usableId.test(id))
			return [reason("DaprAppIdUnusable", {object, message: `Dapr would refuse the app-id ${id}.`})]
		const rivals = all.filter((other) => other !== workload && appIdOf(other) === id)
		if (rivals.length === 0) return []
		const names = rivals.map((other) => refOf(other.object)).join(", ")
		return [reason("DaprAppIdUnusable", {object, message: `It would share the app-id ${id} with ${names}.`})]
	})
}

function portHazard({object, template}: Templated): readonly Reason[] {
	if (annotationOf(template, keys.appPort) !== undefined || appPort(template) !== undefined) return []
	const ref = refOf(object)
	return [
		reason("DaprAppPortUnknown", {object: ref, message: `${ref} has no single TCP port for Dapr to call.`}),
	]
}

function jobHazards(all: readonly Templated[], wanted: boolean): readonly Reason[] {
	const jobs = all.filter(isJob)
	const left = wanted ? jobs.filter(({template}) => annotationOf(template, keys.enabled) === undefined) : []
	const endless = jobs.filter(
		({template}) => asksForDapr(template) && !isTrue(annotationOf(template, keys.native)),
	)
	return [
		...left.map(({object}) =>
			reason("DaprLeavesJobsAlone", {
				object: refOf(object),
				message: `${refOf(object)} does not ask for Dapr itself and gets none.`,
			}),
		),
		...endless.map(({object}) =>
			reason("DaprJobDoesNotEnd", {
				object: refOf(object),
				message: `${refOf(object)} has daprd as a plain container, which runs on.`,
			}),
		),
	]
}

function staysHazard({wish, namespace}: RuntimeMove, asking: readonly Templated[]): readonly Reason[] {
	if (wish.dapr?.enabled !== false || asking.length === 0) return []
	const message = `Dapr stays with ${plural(asking.length, "workload")} of ${namespace} by their own templates.`
	return [reason("DaprStays", {message})]
}

function missingHazards(snapshot: Snapshot, namespace: string): readonly Reason[] {
	return snapshot
		.list(kinds.Pod, namespace)
		.filter((pod) => pod.metadata.deletionTimestamp === undefined && evidence(pod)?.state === "missing")
		.map((pod) =>
			reason("DaprNotInjected", {
				object: refOf(pod),
				message: `${refOf(pod)} asks for Dapr and has no container daprd.`,
			}),
		)
}

function mutualTLSHazards(
	snapshot: Snapshot,
	{namespace}: DaprPlane,
	{to, encrypts}: RuntimeMove,
): readonly Reason[] {
	const on = mutualTLSOf(snapshot, namespace)
	const object = `Configuration/${namespace}/daprsystem`
	if (!on && !encrypts)
		return [reason("DaprPlaintext", {object, message: `Its mutual TLS is off, and ${to} has none.`})]
	if (!on || !encrypts) return []
	return to === "linkerd"
		? [reason("DaprHiddenFromLinkerd", {object, message: "Dapr's own mutual TLS is on."})]
		: [reason("DaprMutualTLSTwice", {object, message: `Dapr's own mutual TLS is on, and ${to} has its own.`})]
}

function featureHazards(
	snapshot: Snapshot,
	namespace: string,
	asking: readonly Templated[],
): readonly Reason[] {
	const named = new Set(asking.flatMap(({template}) => annotationOf(template, keys.config) ?? []))
	const {uses, reasons} = daprFeatures(snapshot, namespace, named)
	return [
		...reasons,
		...uses.map(({name, object, note}) => {
			const ref = refOf(object)
			const how = note === undefined ? "" : ` (${note})`
			return reason("DaprCarriesFeature", {object: ref, message: `${name}${how} by ${ref}, in daprd.`})
		}),
	]
}
