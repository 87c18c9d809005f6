import {authorizationsFor} from "../../apis/istio/authorization.ts"
import {rootNamespaces} from "../../apis/istio/control-plane.ts"
import {PeerAuthentication} from "../../apis/istio/kinds.ts"
import {unreadable} from "../../apis/read.ts"
import {type WaypointRef, waypointAccount} from "../../istio-ambient/waypoints.ts"
import {labelOf} from "../../pods.ts"
import {requestsFrom} from "../../policy/istio/derive.ts"
import {policiesIn, readPolicy} from "../../policy/istio/read.ts"
import {Pod} from "../../snapshot/kinds.ts"
import type {KubeObject} from "../../snapshot/object.ts"
import type {Snapshot} from "../../snapshot/snapshot.ts"
import {check} from "../moments.ts"
import {surroundingsIn} from "../pod-shapes.ts"
import {nothingTranslated, worstOf} from "../types.ts"
import {isHeadless} from "./behind.ts"
import {calleesIn, undeclaredPorts} from "./callees.ts"
import type {NamespaceTranslation} from "./namespace-to-ambient.ts"
import {asBegun} from "./sidecar-begun.ts"
import {sidecarMoments} from "./sidecar-moments.ts"
import {toSidecar} from "./to-sidecar.ts"
import {trustDomainOf} from "./trust-domain.ts"

const nobodyKeptOut = {guarded: false, strict: false, headless: []}

/** Istio's policies of a namespace that leaves this waypoint for sidecars. */
export function namespaceToSidecar(
	snapshot: Snapshot,
	namespace: string,
	waypoint: WaypointRef,
): NamespaceTranslation {
	const all = authorizationsFor(snapshot, namespace).filter((one) => !readPolicy(one).value.dryRun)
	const attached = all.filter((one) => readPolicy(one).value.targetRefs.length > 0)
	if (attached.length === 0) return {made: nothingTranslated, ...nobodyKeptOut}
	const faulty = all.flatMap((one) => {
		const {faults} = readPolicy(one)
		return faults.length === 0 ? [] : [unreadable(one, faults)]
	})
	if (faulty.length > 0) return {made: {...nothingTranslated, reasons: faulty}, ...nobodyKeptOut}
	const around = surroundingsIn(snapshot, namespace)
	const roots = rootNamespaces(snapshot)
	const identity = {
		trustDomain: trustDomainOf(all),
		namespace: waypoint.namespace,
		serviceAccount: waypointAccount(snapshot, waypoint),
	}
	const left = {name: waypoint.name, identity}
	const inAmbient = podsInAmbient(snapshot, namespace)
	// Every pod in ambient says so itself, and not by its namespace alone.
	const marked = inAmbient.every((pod) => labelOf(pod, "istio.io/dataplane-mode") === "ambient")
	const translate = (policies: readonly KubeObject[]) =>
		toSidecar({...around, namespace, policies, waypoint: left, marked})
	const {policies, made, settled} = asBegun(all, translate, inAmbient.length === 0)
	const blocked = worstOf(made.translations.flatMap(({fields}) => fields)) === "blocked"
	if (settled || blocked) return {made, ...nobodyKeptOut}
	const peers = [namespace, ...roots].flatMap((space) => snapshot.list(PeerAuthentication, space))
	const callees = [...calleesIn(namespace, around), ...undeclaredPorts(namespace, around)]
	const services = around.services.filter((one) => !isHeadless(one)).map(({metadata}) => metadata.name)
	const move = {objects: [...policies, ...peers], made, roots, waypoint: left, services, callees}
	return {
		made,
		check: check(sidecarMoments(move), requestsFrom(policiesIn(policies), {proxy: identity, callees})),
		...nobodyKeptOut,
	}
}

const podsInAmbient = (snapshot: Snapshot, namespace: string) =>
	snapshot
		.list(Pod, namespace)
		.filter(({metadata}) => metadata.annotations?.["ambient.istio.io/redirection"] !== undefined)
