import {authorizationsFor} from "../../apis/istio/authorization.ts"
import {rootNamespaces} from "../../apis/istio/control-plane.ts"
import {readRequestAuthentication} from "../../apis/istio/extensions.ts"
import {PeerAuthentication, RequestAuthentication} from "../../apis/istio/kinds.ts"
import {policiesFor} from "../../apis/istio/scope.ts"
import {unreadable} from "../../apis/read.ts"
import {type WaypointRef, waypointAccount} from "../../istio-ambient/waypoints.ts"
import {requestsFrom} from "../../policy/istio/derive.ts"
import {modeFor, peersIn} from "../../policy/istio/peer-authentication.ts"
import {policiesIn, readPolicy} from "../../policy/istio/read.ts"
import {type KubeObject, refOf} from "../../snapshot/object.ts"
import type {Snapshot} from "../../snapshot/snapshot.ts"
import {type Check, check} from "../moments.ts"
import {written} from "../owned.ts"
import {surroundingsIn} from "../pod-shapes.ts"
import {type FieldVerdict, joined, nothingTranslated, type Translated, worstOf} from "../types.ts"
import {ambientMoments} from "./ambient-moments.ts"
import {isHeadless, podsOf, servicesOf} from "./behind.ts"
import {calleesIn} from "./callees.ts"
import {isMadeForSidecars} from "./sidecar-begun.ts"
import {toAmbient} from "./to-ambient.ts"
import {tokensToAmbient} from "./tokens.ts"
import {trustDomainOf} from "./trust-domain.ts"

/** The translation of a namespace, what came of comparing it, and who is kept out by its guards. */
export type NamespaceTranslation = {
	readonly made: Translated
	/** Absent where nothing is translated, or some of it cannot be. */
	readonly check?: Check
	/** Something that a guard stands for. */
	readonly guarded: boolean
	/** mTLS is strict wherever a guard stands: nobody outside of a mesh was admitted before. */
	readonly strict: boolean
	/** Headless Services that lead to guarded pods. */
	readonly headless: readonly string[]
}

/** Istio's policies of a namespace whose sidecars go, for this waypoint. */
export function namespaceToAmbient(
	snapshot: Snapshot,
	namespace: string,
	waypoint: WaypointRef,
): NamespaceTranslation {
	const around = surroundingsIn(snapshot, namespace)
	const roots = rootNamespaces(snapshot)
	const all = authorizationsFor(snapshot, namespace)
	const authorizations = written(all)
	const selecting = authorizations.filter((one) => {
		const {targetRefs, dryRun} = readPolicy(one).value
		return targetRefs.length === 0 && !dryRun
	})
	const tokens = written(
		policiesFor(snapshot, RequestAuthentication, namespace, (one) => readRequestAuthentication(one).value),
	).filter((one) => readRequestAuthentication(one).value.targetRefs.length === 0)
	const faulty = selecting.flatMap((one) => {
		const {faults} = readPolicy(one)
		return faults.length === 0 ? [] : [unreadable(one, faults)]
	})
	if (faulty.length > 0)
		return {made: {...nothingTranslated, reasons: faulty}, guarded: false, strict: false, headless: []}
	const identity = {
		trustDomain: trustDomainOf(selecting),
		namespace: waypoint.namespace,
		serviceAccount: waypointAccount(snapshot, waypoint),
	}
	const input = {...around, namespace, waypoint: {name: waypoint.name, identity}}
	const made = [
		toAmbient({...input, policies: selecting}),
		...tokens.map((one) => tokensToAmbient(one, input)),
		...all.filter(isMadeForSidecars).map(leftover),
	].reduce(joined)
	const guards = policiesIn(made.after)
	const guardedPods = guards.flatMap(({selector}) => podsOf(selector, around))
	const peers = [namespace, ...roots].flatMap((space) => snapshot.list(PeerAuthentication, space))
	const blocked = worstOf(made.translations.flatMap(({fields}) => fields)) === "blocked"
	const callees = calleesIn(namespace, around)
	const services = around.services.filter((one) => !isHeadless(one)).map(({metadata}) => metadata.name)
	const move = {
		objects: [...authorizations, ...peers],
		made,
		roots,
		waypoint: input.waypoint,
		services,
	}
	return {
		made,
		...(blocked || made.translations.length === 0
			? {}
			: {
					check: check(
						ambientMoments(move),
						requestsFrom(policiesIn(authorizations), {proxy: identity, callees}),
					),
				}),
		guarded: guards.length > 0,
		strict: guardedPods.every(
			({labels}) => modeFor(peersIn(peers), {namespace, labels, port: 0}, roots) === "STRICT",
		),
		headless: [...new Set(guards.flatMap(({selector}) => servicesOf(selector, around).headless.map(refOf)))],
	}
}

/** What a move from a waypoint made is all that is left of its source, and nobody wrote it for ambient. */
function leftover(object: KubeObject): Translated {
	const source = refOf(object)
	const note =
		"a move from a waypoint to sidecars made it; take that move back with target: Previous, or write a policy of your own in its place and delete it"
	const fields: readonly FieldVerdict[] = [{path: "spec", verdict: "blocked", note}]
	return {...nothingTranslated, translations: [{source, verdict: "blocked", fields, objects: []}]}
}
