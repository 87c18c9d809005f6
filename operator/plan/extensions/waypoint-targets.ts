import {selects} from "../../../profiles/pods.ts"
import {type ProfileReasonCode, reason} from "../../../profiles/reasons.ts"
import * as kinds from "../../../profiles/snapshot/kinds.ts"
import {refOf, type StringMap} from "../../../profiles/snapshot/object.ts"
import type {Service} from "../../../profiles/snapshot/shapes.ts"
import type {Snapshot} from "../../../profiles/snapshot/snapshot.ts"
import type {WantedExtension} from "../../../profiles/wasm-hosts/host.ts"
import type {IstioTarget} from "../../../profiles/wasm-hosts/render-istio.ts"
import {podLabelsIn} from "../../../profiles/workloads.ts"
import type {Waypoint} from "../waypoint.ts"
import type {Placement} from "./placement.ts"

const useLabel = "istio.io/use-waypoint"
/** Of the CRD of TrafficExtension and WasmPlugin. */
const mostTargets = 16

export type AtWaypoint = {
	readonly snapshot: Snapshot
	readonly namespace: string
	readonly labels: StringMap
	readonly waypoint: Waypoint
}

type Targets = {readonly targets: readonly IstioTarget[]} | Pick<Placement, "reasons">

/**
 * What an extension is attached to so that a waypoint runs it on the calls to exactly the selected pods: the waypoint
 * itself where it means all of the namespace, else the Services of these pods.
 */
export function waypointTargets(extension: WantedExtension, at: AtWaypoint): Targets {
	const {snapshot, namespace, waypoint} = at
	const matchLabels = extension.selector?.matchLabels ?? {}
	const services = snapshot.list(kinds.Service, namespace).filter(hasPods)
	const meant = services.map((service) => ({service, how: meets(service, matchLabels, at)}))
	const astray = meant.find(({service, how}) => how !== "none" && usesAnother(service, waypoint))
	if (astray !== undefined)
		return refuse(extension, `${refOf(astray.service)} does not go through the waypoint ${waypoint.name}`)
	const mixed = meant.find(({how}) => how === "some")
	if (mixed !== undefined)
		return refuse(extension, `${refOf(mixed.service)} has pods that it selects, and others`)
	if (isWholeNamespace(matchLabels) && home(at) === namespace)
		return {targets: [{group: "gateway.networking.k8s.io", kind: "Gateway", name: waypoint.name}]}
	const targets = meant.filter(({how}) => how === "all").map(({service}) => targetOf(service))
	if (targets.length === 0) return refuse(extension, "no Service has exactly the pods that it selects")
	return targets.length > mostTargets
		? refuse(extension, `it would be attached to ${targets.length} Services`, "ExtensionTooManyTargets")
		: {targets}
}

const hasPods = ({spec}: Service): boolean => Object.keys(spec?.selector ?? {}).length > 0
const isWholeNamespace = (matchLabels: StringMap): boolean => Object.keys(matchLabels).length === 0
const home = ({labels, namespace}: AtWaypoint): string => labels[`${useLabel}-namespace`] ?? namespace
const targetOf = ({metadata}: Service): IstioTarget => ({group: "", kind: "Service", name: metadata.name})

function usesAnother({metadata}: Service, waypoint: Waypoint): boolean {
	const own = metadata.labels?.[useLabel]
	return own !== undefined && own !== waypoint.name
}

/** How many of a Service's pods the extension means; of a Service without pods its selector tells. */
function meets(
	{spec}: Service,
	matchLabels: StringMap,
	{snapshot, namespace}: AtWaypoint,
): "all" | "some" | "none" {
	const selector = spec?.selector ?? {}
	const pods = podLabelsIn(snapshot, namespace).filter((labels) => selects({matchLabels: selector}, labels))
	const all = pods.length === 0 ? [selector] : pods
	const selected = all.filter((labels) => selects({matchLabels}, labels)).length
	return selected === 0 ? "none" : selected === all.length ? "all" : "some"
}

function refuse(
	{name}: WantedExtension,
	why: string,
	code: ProfileReasonCode = "ExtensionSelectorNotExactAtWaypoint",
): Pick<Placement, "reasons"> {
	return {reasons: [reason(code, {message: `The extension ${name} cannot run in a waypoint: ${why}.`})]}
}
