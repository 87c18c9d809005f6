import {selects} from "../../profiles/pods.ts"
import type {Reason} from "../../profiles/reason.ts"
import {reason} from "../../profiles/reasons.ts"
import {type KubeObject, refOf} from "../../profiles/snapshot/object.ts"
import {podLabelsIn} from "../../profiles/workloads.ts"
import {defaultedExtension} from "../api/defaults.ts"
import {annotations} from "../api/names.ts"
import {covers} from "./covers.ts"
import {gatewayPlacement} from "./extensions/gateway-placement.ts"
import {existing, owned, ownedExtensions} from "./extensions/owned.ts"
import {joined, type Ordered, ownPlacement, type Placed, type PlacementInput} from "./extensions/placement.ts"
import {costRemark, refusals, risks} from "./extensions/risks.ts"
import type {Installed} from "./facts.ts"
import type {Scene} from "./scene.ts"
import type {Step} from "./types.ts"

/** What a profile's extensions ask for on one target. */
export type Extensions = {
	/** Objects to make or to change, in the profile's order. */
	readonly apply: readonly Placed[]
	/** Objects of Heddle's that nothing asks for any more. */
	readonly remove: readonly KubeObject[]
	readonly reasons: readonly Reason[]
}

export type ExtensionScene = Pick<
	Scene,
	"snapshot" | "name" | "namespace" | "waypoint" | "facts" | "profile" | "spec"
>

/** What becomes of a profile's extensions, and of those that an earlier one left, on a target. */
export function extensionsOn(scene: ExtensionScene, target: Installed): Extensions {
	const {snapshot, name, namespace, waypoint, facts, profile, spec} = scene
	const wanted: readonly Ordered[] = (spec.extensions ?? []).map((extension, index) => ({
		extension: defaultedExtension(extension),
		index,
	}))
	const there = ownedExtensions(snapshot, name)
	if (wanted.length === 0 && there.length === 0) return {apply: [], remove: [], reasons: []}
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
	const apply = all.filter(({manifest}) => !covers(existing(snapshot, manifest), manifest))
	const names = new Set(all.map(({manifest}) => refOf(manifest)))
	const around = {snapshot, namespace: name, waypoint: waypoint.name, proved: provedModules(profile)}
	return {
		apply,
		remove: there.filter((one) => !names.has(refOf(one))),
		reasons: [
			...reasons,
			...all.flatMap((one) => refusals(one, around)),
			...apply.flatMap((one) => risks(one, around)),
			...wanted.flatMap((one) => selectsNothing(one, input)),
			...costRemark(apply),
		],
	}
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
 * Modules come before the first pod that needs them, and go after the last pod that had them: at no moment does a
 * request get around one that it had to pass before.
 */
export function extensionSteps({apply, remove}: Extensions): {
	readonly first: readonly Step[]
	readonly last: readonly Step[]
} {
	return {
		first: apply.map(({manifest, host, extensions}) => ({
			id: `extend-${slugOf(manifest)}`,
			action: "Apply",
			object: refOf(manifest),
			note: `let ${host} run ${extensions.map(({name}) => name).join(", ")}; proxies that run now get it at once`,
			manifest,
		})),
		last: remove.map((object) => ({
			id: `unextend-${slugOf(object)}`,
			action: "Delete",
			object: refOf(object),
			note: "the profile no longer asks for it here",
		})),
	}
}

const slugOf = ({kind, metadata}: KubeObject): string => `${kind.toLowerCase()}-${metadata.name}`
