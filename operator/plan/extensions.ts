import {selects} from "../../profiles/pods.ts"
import type {Reason} from "../../profiles/reason.ts"
import {reason} from "../../profiles/reasons.ts"
import {type KubeObject, refOf} from "../../profiles/snapshot/object.ts"
import {podLabelsIn} from "../../profiles/workloads.ts"
import {defaultedExtension} from "../api/defaults.ts"
import {annotations} from "../api/names.ts"
import {covers} from "./covers.ts"
import {
	type Canary,
	type CanaryOf,
	canaryOf,
	canaryRefs,
	canarySteps,
	withoutCanary,
} from "./extensions/canary.ts"
import {gatewayPlacement} from "./extensions/gateway-placement.ts"
import {existing, owned, ownedExtensions} from "./extensions/owned.ts"
import {joined, type Ordered, ownPlacement, type Placed, type PlacementInput} from "./extensions/placement.ts"
import {costRemark, elsewhere, refusals, risks} from "./extensions/risks.ts"
import {leftTwins} from "./extensions/twin.ts"
import type {Installed} from "./facts.ts"
import type {Scene} from "./scene.ts"
import type {Step} from "./types.ts"

/** What a profile's extensions ask for on one target. */
export type Extensions = {
	/** Objects to make or to change before anything moves, in the profile's order. */
	readonly apply: readonly Placed[]
	/** Those that are tried on a few pods first, once every pod is where it is to be. */
	readonly canaries: readonly Canary[]
	/** Objects of Heddle's that nothing asks for any more. */
	readonly remove: readonly KubeObject[]
	readonly reasons: readonly Reason[]
}

export type ExtensionScene = Pick<
	Scene,
	"snapshot" | "name" | "namespace" | "waypoint" | "facts" | "profile" | "spec" | "workloads"
>

/** What becomes of a profile's extensions, and of those that an earlier one left, on a target. */
export function extensionsOn(scene: ExtensionScene, target: Installed): Extensions {
	const {snapshot, name, namespace, waypoint, facts, profile, spec} = scene
	const wanted: readonly Ordered[] = (spec.extensions ?? []).map((extension, index) => ({
		extension: defaultedExtension(extension),
		index,
	}))
	const there = ownedExtensions(snapshot, name)
	if (wanted.length === 0 && there.length === 0)
		return {apply: [], canaries: [], remove: leftTwins(snapshot, name, new Set()), reasons: []}
	const input: PlacementInput = {
		snapshot,
		namespace: name,
		labels: namespace.metadata.labels ?? {},
		waypoint,
		facts,
		target,
	}
	const {placed, reasons} = joined([
		ownPlacement(
			wanted.filter(({extension}) => extension.targetRef === undefined),
			input,
		),
		gatewayPlacement(
			wanted.filter(({extension}) => extension.targetRef !== undefined),
			input,
		),
	])
	const all = placed.map((one) => ({...one, manifest: owned(one.manifest)}))
	const changed = all.filter(({manifest}) => !covers(existing(snapshot, manifest), manifest))
	const around = {snapshot, namespace: name, waypoint: waypoint.name, proved: provedModules(profile)}
	const tried = changed.map((one) => ({one, ...rolledOut(one, wanted, scene)}))
	const canaries = tried.flatMap(({canary}) => canary ?? [])
	const standing = new Set([...all.map(({manifest}) => refOf(manifest)), ...canaries.flatMap(canaryRefs)])
	return {
		apply: tried.flatMap(({one, canary}) => (canary === undefined ? [one] : [])),
		canaries,
		remove: [...there.filter((one) => !standing.has(refOf(one))), ...leftTwins(snapshot, name, standing)],
		reasons: [
			...reasons,
			...all.flatMap((one) => refusals(one, around)),
			...changed.flatMap((one) => risks(one, around)),
			...tried.flatMap((one) => one.reasons),
			...wanted.flatMap((one) => selectsNothing(one, input)),
			...costRemark(changed),
		],
	}
}

/** What is new or changed is tried first, unless it only follows its pods to another host. */
function rolledOut(placed: Placed, wanted: readonly Ordered[], scene: ExtensionScene): CanaryOf {
	const [first] = placed.extensions
	const one = wanted.find(({extension}) => extension.name === first?.name)
	if (one === undefined) return {canary: undefined, reasons: []}
	const {name, facts, workloads, spec, snapshot} = scene
	const there = elsewhere(placed, snapshot)
	if (there !== undefined)
		return JSON.stringify(there.spec).includes(`"${one.extension.sha256}"`)
			? {canary: undefined, reasons: []}
			: withoutCanary(placed, one, "it changes together with the place where it runs")
	const measured = spec.migration.gates?.prometheus !== undefined
	return canaryOf(one, placed, {namespace: name, facts, workloads, measured})
}

/** Digests that stand on the profile, separated by commas, written by whoever has proved them. */
function provedModules({metadata}: Scene["profile"]): ReadonlySet<string> {
	const text = metadata.annotations?.[annotations.provedModules] ?? ""
	return new Set(text.split(",").map((one) => one.trim()))
}

function selectsNothing({extension}: Ordered, {snapshot, namespace}: PlacementInput): readonly Reason[] {
	const {matchLabels} = extension.selector ?? {}
	if (matchLabels === undefined) return []
	if (podLabelsIn(snapshot, namespace).some((labels) => selects({matchLabels}, labels))) return []
	const message = `No pod of ${namespace} has the labels that ${extension.name} selects.`
	return [reason("ExtensionSelectsNothing", {message})]
}

/**
 * A module that runs already follows its pods: it is there before the first of them, and goes after the last, so that
 * at no moment a request gets around one that it had to pass before. What is new or changed comes when the pods are
 * where they are to be, and is tried on few of them first.
 */
export function extensionSteps(
	{apply, canaries, remove}: Extensions,
	soak: string,
): {
	readonly first: readonly Step[]
	readonly last: readonly Step[]
	readonly tried: readonly Step[]
} {
	return {
		first: apply.map(extendStep),
		last: remove.map((object) => ({
			id: `unextend-${slugOf(object)}`,
			action: "Delete",
			object: refOf(object),
			note: "the profile no longer asks for it here",
		})),
		tried: canaries.flatMap((canary) => canarySteps(canary, extendStep(canary.placed), soak)),
	}
}

const extendStep = ({manifest, host, extensions}: Placed): Step => ({
	id: `extend-${slugOf(manifest)}`,
	action: "Apply",
	object: refOf(manifest),
	note: `let ${host} run ${extensions.map(({name}) => name).join(", ")}; proxies that run now get it at once`,
	manifest,
})

const slugOf = ({kind, metadata}: KubeObject): string => `${kind.toLowerCase()}-${metadata.name}`
