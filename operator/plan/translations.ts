import {capabilityOf} from "../../profiles/capability.ts"
import type {Reason} from "../../profiles/reason.ts"
import {type KubeObject, refOf} from "../../profiles/snapshot/object.ts"
import type {Snapshot} from "../../profiles/snapshot/snapshot.ts"
import {
	type NamespaceTranslation,
	namespaceToAmbient,
} from "../../profiles/translate/istio/namespace-to-ambient.ts"
import {namespaceToSidecar} from "../../profiles/translate/istio/namespace-to-sidecar.ts"
import {isOwned} from "../../profiles/translate/owned.ts"
import {namespaceRoutes, withVersions} from "../../profiles/translate/routes/namespace-routes.ts"
import {joined, type Translation} from "../../profiles/translate/types.ts"
import {covers} from "./covers.ts"
import type {Installed} from "./facts.ts"
import type {Scene} from "./scene.ts"
import {policyNamed, translatedKinds} from "./translated-kinds.ts"
import {translationReasons} from "./translation-reasons.ts"
import type {Step} from "./types.ts"
import {usesWaypoints} from "./waypoint.ts"

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
	/** The cluster with the Services that these steps bring, where they bring any. */
	readonly around?: Snapshot
}

const nothing: Translations = {
	translations: [],
	first: [],
	last: [],
	end: [],
	reasons: [],
	carried: new Set(),
}

const known = new WeakMap<Scene, Map<Installed, Translations>>()

/** Computed once for a scene and a target: fitting asks for it, and so does the movement. */
export function translationsOn(scene: Scene, target: Installed): Translations {
	const all = known.get(scene) ?? new Map<Installed, Translations>()
	known.set(scene, all)
	const found = all.get(target) ?? translationsFor(scene, target)
	all.set(target, found)
	return found
}

/**
 * Policies are carried over to the waypoint that the target needs for what is in use. Where every pod is there already
 * and Heddle has made nothing, people have arranged it themselves, and nothing is touched.
 */
function translationsFor(scene: Scene, target: Installed): Translations {
	const translate = translators[target.dataplane.name]
	if (translate === undefined || !isAsked(scene, target)) return nothing
	const {snapshot, name, waypoint} = scene
	const moving = scene.workloads
		.flatMap(({pods}) => pods)
		.some(({is}) => is.counted && is.dataplane !== target.dataplane.name)
	if (!moving && !madeBefore(scene)) return nothing
	return planned(scene, translate(snapshot, name, waypoint.name))
}

type Found = NamespaceTranslation & Pick<Translations, "around">
type Translate = (snapshot: Snapshot, namespace: string, waypoint: string) => Found

/** By target. Where Istio's policies come from does not matter: they say where they are read. */
const translators: Readonly<Record<string, Translate>> = {
	"istio-ambient": policiesAndRoutesToAmbient,
	"istio-sidecar": namespaceToSidecar,
}

/**
 * A Service of a subset is one more way to its pods, which the policies of the waypoint have to stand in front of; they
 * come before it does.
 */
function policiesAndRoutesToAmbient(snapshot: Snapshot, namespace: string, waypoint: string): Found {
	const routes = namespaceRoutes(snapshot, namespace)
	const around = withVersions(snapshot, routes)
	const policies = namespaceToAmbient(around, namespace, waypoint)
	const made = joined(policies.made, routes)
	return {...policies, made, ...(around === snapshot ? {} : {around})}
}

/** Without a waypoint ztunnel reads what sidecars read; sidecars have nothing to do with a waypoint that is not there. */
const isAsked = (scene: Scene, target: Installed): boolean =>
	usesWaypoints(target.dataplane) ? needsWaypoint(scene, target) : scene.waypoint.state !== "absent"

const needsWaypoint = ({uses}: Scene, {dataplane, installation}: Installed): boolean =>
	usesWaypoints(dataplane) &&
	uses.some(
		({name, carrier}) =>
			carrier !== "cni" && capabilityOf(dataplane, name, installation.version).support === "waypoint",
	)

const madeBefore = ({snapshot, name}: Scene): boolean =>
	translatedKinds.some((kind) => snapshot.list(kind, name).some(isOwned))

function planned(scene: Scene, found: Found): Translations {
	const {made, around} = found
	const isThere = (ref: string) => policyNamed(scene, ref) !== undefined
	const apply = (note: string) => (manifest: KubeObject) =>
		covers(policyNamed(scene, refOf(manifest)), manifest) ? [] : [applyStep(manifest, note)]
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
		last: made.after.flatMap(apply("it holds for every pod, now that all have moved")),
		end: made.retired
			.filter(isThere)
			.map((ref) => deleteStep(ref, "the target does not read it as it is meant")),
		reasons: translationReasons(scene, found),
		carried: new Set(
			made.translations.filter(({verdict}) => verdict !== "blocked").map(({source}) => source),
		),
		...(around === undefined ? {} : {around}),
	}
}

const isPolicy = ({apiVersion}: KubeObject) => apiVersion.startsWith("security.istio.io/")

const slug = (ref: string) => ref.split("/").toSpliced(1, 1).join("-").toLowerCase()

const applyStep = (manifest: KubeObject, note: string): Step => ({
	id: `translate-${slug(refOf(manifest))}`,
	action: "Apply",
	object: refOf(manifest),
	note,
	manifest,
})

const deleteStep = (ref: string, note: string): Step => ({
	id: `retire-${slug(ref)}`,
	action: "Delete",
	object: ref,
	note,
})
