import {AuthorizationPolicy} from "../../profiles/apis/istio/kinds.ts"
import {inboundPolicy} from "../../profiles/apis/linkerd/policy.ts"
import {capabilityOf} from "../../profiles/capability.ts"
import type {Keys} from "../../profiles/dataplane.ts"
import type {Reason} from "../../profiles/reason.ts"
import {NetworkPolicy} from "../../profiles/snapshot/kinds.ts"
import {addressOf, type KubeObject, refOf} from "../../profiles/snapshot/object.ts"
import type {Snapshot} from "../../profiles/snapshot/snapshot.ts"
import {namespaceToCilium} from "../../profiles/translate/cilium/namespace-to-cilium.ts"
import {
	type NamespaceTranslation,
	namespaceToAmbient,
} from "../../profiles/translate/istio/namespace-to-ambient.ts"
import {namespaceToSidecar} from "../../profiles/translate/istio/namespace-to-sidecar.ts"
import {sidecarToLinkerd} from "../../profiles/translate/linkerd/namespace-to-linkerd.ts"
import {copiesIn, linkerdToSidecar} from "../../profiles/translate/linkerd/namespace-to-sidecar.ts"
import {namespaceNetworkToAmbient} from "../../profiles/translate/network/namespace-to-ambient.ts"
import {isOwned, roleOf, sourceOf} from "../../profiles/translate/owned.ts"
import {namespaceRoutes, withVersions} from "../../profiles/translate/routes/namespace-routes.ts"
import {joined, type Translation} from "../../profiles/translate/types.ts"
import {covers} from "./covers.ts"
import {isEmpty, noKeys, type Present} from "./enrolment.ts"
import type {Installed} from "./facts.ts"
import type {Scene} from "./scene.ts"
import {policyNamed, translatedKinds} from "./translated-kinds.ts"
import {translationReasons} from "./translation-reasons.ts"
import type {Step} from "./types.ts"
import {usesWaypoints, type Waypoint} from "./waypoint.ts"
import type {Workload} from "./workloads/collect.ts"

/** What becomes of a namespace's policies on a target. */
export type Translations = {
	readonly translations: readonly Translation[]
	/** Before callers use a waypoint, and before any pod moves. */
	readonly first: readonly Step[]
	/** After the last pod has moved, before the namespace's default follows. */
	readonly last: readonly Step[]
	/** Last of all: what only the source used goes. */
	readonly end: readonly Step[]
	readonly reasons: readonly Reason[]
	/** References of the objects that are read rightly once these steps are done. */
	readonly carried: ReadonlySet<string>
	/** Codes of reasons about the namespace as a whole that these steps put right. */
	readonly settled: ReadonlySet<string>
	/** The cluster with the Services that these steps bring, where they bring any. */
	readonly around?: Snapshot
	/** What the template of a workload lacks, for its pods to be refused to whom they are refused now. */
	readonly keys?: (workload: Workload) => Keys
	/** The same for pods to come, written with the last steps. */
	readonly namespaceKeys?: Keys
}

const nothing: Translations = {
	translations: [],
	first: [],
	last: [],
	end: [],
	reasons: [],
	carried: new Set(),
	settled: new Set(),
}

const known = new WeakMap<Scene, Map<Installed, Translations>>()

/** Computed once for a scene and a target: fitting asks for it, and so does the movement. */
export function translationsOn(scene: Scene, target: Installed): Translations {
	const all = known.get(scene) ?? new Map<Installed, Translations>()
	known.set(scene, all)
	const found = all.get(target) ?? withoutLeftovers(scene, target, translationsFor(scene, target))
	all.set(target, found)
	return found
}

/** What Heddle let through the network for ambient goes when the namespace has left it. */
function withoutLeftovers({snapshot, name}: Scene, target: Installed, found: Translations): Translations {
	if (target.dataplane.name === "istio-ambient") return found
	const left = [NetworkPolicy, AuthorizationPolicy]
		.flatMap((kind): readonly KubeObject[] => snapshot.list(kind, name))
		.filter((one) => sourceOf(one)?.startsWith("NetworkPolicy/") === true)
	const steps = left.map((one) => deleteStep(refOf(one), "ambient needed it"))
	return steps.length === 0 ? found : {...found, end: [...found.end, ...steps]}
}

/**
 * Policies are carried over to the waypoint that the target needs for what is in use. Where every pod is there already
 * and Heddle has made nothing, people have arranged it themselves, and nothing is touched.
 */
function translationsFor(scene: Scene, target: Installed): Translations {
	const translator = translators[target.dataplane.name]
	if (translator?.isAsked(scene, target) !== true) return nothing
	const moving = scene.workloads
		.flatMap(({pods}) => pods)
		.some(({is}) => is.counted && is.dataplane !== target.dataplane.name)
	if (!moving && !madeBefore(scene)) return nothing
	return planned(scene, translator.translate(scene, target))
}

type Found = NamespaceTranslation & Pick<Translations, "around" | "keys" | "namespaceKeys">
type Translator = {
	readonly isAsked: (scene: Scene, target: Installed) => boolean
	readonly translate: (scene: Scene, target: Installed) => Found
}

/** By target. */
const translators: Readonly<Record<string, Translator>> = {
	// Where Istio's policies come from does not matter between its two: they say where they are read.
	"istio-ambient": {isAsked: () => true, translate: toAmbient},
	"istio-sidecar": {
		isAsked: (scene) => hasWaypoint(scene) || leavesLinkerd(scene),
		translate: (scene) =>
			leavesLinkerd(scene)
				? linkerdToSidecar(scene.snapshot, scene.name)
				: namespaceToSidecar(scene.snapshot, scene.name, scene.waypoint),
	},
	linkerd: {isAsked: leavesSidecars, translate: toLinkerd},
	cilium: {isAsked: leavesSidecars, translate: ({snapshot, name}) => namespaceToCilium(snapshot, name)},
}

/**
 * Without a waypoint ztunnel reads what sidecars read, and the network sees who calls. With one it sees the waypoint
 * alone, and what it admits to callers is left to people.
 */
function toAmbient(scene: Scene, target: Installed): Found {
	const {snapshot, name, waypoint} = scene
	return needsWaypoint(scene, target)
		? policiesAndRoutesToAmbient(snapshot, name, waypoint)
		: namespaceNetworkToAmbient(snapshot, name)
}

/**
 * A Service of a subset is one more way to its pods, which the policies of the waypoint have to stand in front of; they
 * come before it does.
 */
function policiesAndRoutesToAmbient(snapshot: Snapshot, namespace: string, waypoint: Waypoint): Found {
	const routes = namespaceRoutes(snapshot, namespace)
	const around = withVersions(snapshot, routes)
	const policies = namespaceToAmbient(around, namespace, waypoint)
	const made = joined(policies.made, routes)
	return {...policies, made, ...(around === snapshot ? {} : {around})}
}

/** Linkerd closes the ports that no Server is for by an annotation with which pods are made. */
function toLinkerd({snapshot, name, namespace}: Scene): Found {
	const found = sidecarToLinkerd(snapshot, name)
	const annotate = (value: string | undefined, present: Present): Keys =>
		value === undefined || present.annotations?.[inboundPolicy] === value
			? noKeys
			: {labels: {}, annotations: {[inboundPolicy]: value}}
	return {
		...found,
		keys: ({template}) => annotate(found.inbound(template.metadata?.labels ?? {}), template.metadata ?? {}),
		namespaceKeys: annotate(found.forAll ? "deny" : undefined, namespace.metadata),
	}
}

/** Sidecars have nothing to do with a waypoint that is not there. */
function hasWaypoint({waypoint}: Scene): boolean {
	return waypoint.state !== "absent"
}

function needsWaypoint({uses}: Scene, {dataplane, installation}: Installed): boolean {
	return (
		usesWaypoints(dataplane) &&
		uses.some(
			({name, carrier}) =>
				carrier !== "cni" && capabilityOf(dataplane, name, installation.version).support === "waypoint",
		)
	)
}

/** Copies of Linkerd's policies are there from the first step on, until the last of Linkerd's own is gone. */
function leavesLinkerd({snapshot, name, workloads}: Scene): boolean {
	const isIn = workloads.some(({pods}) => pods.some(({is}) => is.counted && is.dataplane === "linkerd"))
	return isIn || copiesIn(snapshot, name).size > 0
}

/** What ztunnels and waypoints enforce is read in another way, and is not carried over. */
function leavesSidecars(scene: Scene): boolean {
	const places = scene.workloads
		.flatMap(({pods}) => pods)
		.filter(({is}) => is.counted)
		.map(({is}) => is.dataplane)
	return (
		!hasWaypoint(scene) &&
		!places.includes("istio-ambient") &&
		(places.includes("istio-sidecar") || madeBefore(scene))
	)
}

const madeBefore = ({snapshot, name}: Scene): boolean =>
	translatedKinds.some((kind) => snapshot.list(kind, name).some(isOwned))

function planned(scene: Scene, found: Found): Translations {
	const {made, around, keys, namespaceKeys} = found
	const isThere = (ref: string) => policyNamed(scene, ref) !== undefined
	const apply = (note: string) => (manifest: KubeObject) =>
		covers(policyNamed(scene, addressOf(manifest)), manifest) ? [] : [applyStep(manifest, note)]
	return {
		translations: made.translations,
		first: [
			...made.before.flatMap((one) =>
				apply(`carry the ${isPolicy(one) ? "policy" : "routes"} over before any pod moves`)(one),
			),
			...made.replaced
				.filter(isThere)
				.map((ref) => deleteStep(ref, "what was applied before stands in for it")),
		],
		last: [
			...made.after.flatMap(apply("it holds for every pod, now that all have moved")),
			...(namespaceKeys === undefined || isEmpty(namespaceKeys) ? [] : [keysStep(scene.name, namespaceKeys)]),
		],
		end: made.retired
			.filter(isThere)
			.map((ref) => deleteStep(ref, "the target does not read it as it is meant")),
		reasons: translationReasons(scene, found),
		carried: new Set([
			...made.translations.filter(({verdict}) => verdict !== "blocked").map(({source}) => source),
			// ztunnel is meant to deny by it more than it says: to all but the waypoint.
			...made.before.filter((one) => roleOf(one) === "stand-in").map(refOf),
		]),
		settled: new Set(made.settles),
		...(around === undefined ? {} : {around}),
		...(keys === undefined ? {} : {keys}),
	}
}

const keysStep = (name: string, keys: Keys): Step => ({
	id: "namespace-closed",
	action: "Apply",
	object: `Namespace/${name}`,
	note: "pods to come are closed as well, since a policy was for all of the namespace",
	keys,
})

const isPolicy = ({apiVersion}: KubeObject) =>
	["security.istio.io", "cilium.io", "networking.k8s.io", "policy.linkerd.io"].includes(
		apiVersion.split("/")[0] ?? "",
	)

const slug = (ref: string) => ref.split("/").toSpliced(1, 1).join("-").toLowerCase()

const applyStep = (manifest: KubeObject, note: string): Step => ({
	id: `translate-${slug(addressOf(manifest))}`,
	action: "Apply",
	object: addressOf(manifest),
	note,
	manifest,
})

const deleteStep = (ref: string, note: string): Step => ({
	id: `retire-${slug(ref)}`,
	action: "Delete",
	object: ref,
	note,
})
