import {readPolicy} from "../../policy/istio/read.ts"
import {type KubeObject, refOf} from "../../snapshot/object.ts"
import {isOwned, roleOf, sourceOf, withReplaced} from "../owned.ts"
import {joined, nothingTranslated, type Translated} from "../types.ts"
import {movedToAmbient} from "./to-ambient.ts"

/** How the names begin of what is made for pods with sidecars. */
export const sidecarPrefix = "heddle-sidecar-"

/** Made on the way from a waypoint: for sidecars, or in the place of a guard for pods that have not moved. */
export function isMadeForSidecars(object: KubeObject): boolean {
	if (!isOwned(object)) return false
	const {selector, targetRefs} = readPolicy(object).value
	if (object.metadata.name.startsWith(sidecarPrefix)) return targetRefs.length === 0
	const held = Object.entries(movedToAmbient).every(([key, value]) => selector?.[key] === value)
	return roleOf(object) === "stand-in" && held
}

export type Begun = {
	/** As the move found them. */
	readonly policies: readonly KubeObject[]
	readonly made: Translated
	/** Every pod has moved and every copy stands: what is left goes, and sidecars do not read it. */
	readonly settled: boolean
}

type Translate = (policies: readonly KubeObject[]) => Translated

/**
 * A move is planned anew at each of its steps, from what the steps before have left: what they made is not somebody's
 * policy, and the guards that they replaced still count. Something that this move would not make is taken for what it
 * is: a policy that decides.
 */
export function asBegun(objects: readonly KubeObject[], translate: Translate, hasMoved: boolean): Begun {
	const there = new Set(objects.map(refOf))
	const last = eachAlone(objects, translate)
	if (hasMoved && last.after.every((one) => there.has(refOf(one))))
		return {policies: objects, made: last, settled: true}
	const products = objects.filter(isMadeForSidecars)
	const found = withReplaced(
		objects.filter((one) => !products.includes(one)),
		products,
	)
	const made = translate(found)
	const again = new Set([...made.before, ...made.after].map(refOf))
	const strangers = products.filter((one) => !again.has(refOf(one)))
	if (strangers.length === 0) return {policies: found, made, settled: false}
	const policies = [...found, ...strangers]
	return {policies, made: translate(policies), settled: false}
}

/** What is attached still, whatever else decides: others may be gone already, and what they became stands. */
function eachAlone(objects: readonly KubeObject[], translate: Translate): Translated {
	return objects
		.filter((one) => readPolicy(one).value.targetRefs.length > 0)
		.map((one) => translate([one, ...objects.filter((source) => refOf(source) === sourceOf(one))]))
		.reduce(joined, nothingTranslated)
}
