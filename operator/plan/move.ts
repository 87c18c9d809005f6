import type {Reason} from "../../profiles/reason.ts"
import type {Fit} from "./fit.ts"
import {placeOf} from "./from.ts"
import {type Movement, movementTo} from "./movement.ts"
import {policyRemarks} from "./policy-remarks.ts"
import {isKnownCode} from "./reasons.ts"
import {acceptanceRemarks, moveRemarks, originRemarks} from "./remarks.ts"
import {type Scene, type SceneInput, sceneOf} from "./scene.ts"
import {targetOf, toOf} from "./target.ts"
import {translationsOn} from "./translations.ts"
import type {NamespacePlan, PlannedWorkload, Step} from "./types.ts"
import {isOpen, ordered, verdictOf} from "./verdict.ts"
import {wholeNamespaceRemarks} from "./whole-namespace.ts"
import {planned} from "./workloads/waves.ts"

/** The plan of a namespace that a profile decides for. */
export function moveOf(input: SceneInput): NamespacePlan {
	const scene = sceneOf(input)
	const choice = targetOf(scene)
	const {chosen, best} = choice
	const movement = chosen === undefined ? undefined : movementTo(scene, chosen)
	const found = [
		...scene.reasons,
		...originRemarks(scene),
		...policyRemarks(scene.snapshot, scene.name),
		...wholeNamespaceRemarks(scene, chosen?.installed),
		...choice.reasons,
		...(chosen?.reasons ?? []),
		...(movement?.reasons ?? []),
	]
	const refused = found.some(({severity}) => severity === "block")
	const steps = refused ? [] : (movement?.steps ?? [])
	const asked = weighed({scene, found, refused, steps, chosen, movement})
	const reasons = ordered([...asked, ...acceptanceRemarks(asked, scene.accepted, isKnownCode)])
	const accepted = reasons
		.filter((one) => one.severity === "accept" && !isOpen(one, scene.accepted))
		.map(({code}) => code)
	const workloads = movement?.placed.map(planned) ?? scene.workloads.map(untouched)
	const work = steps.length > 0 || workloads.some(({action}) => action === "Manual")
	return {
		namespace: scene.name,
		profile: scene.profile.metadata.name,
		from: scene.from,
		to: chosen === undefined ? null : toOf(scene, chosen),
		verdict: verdictOf({reasons, accepted: scene.accepted, resolved: chosen !== undefined, work}),
		features: best?.features ?? [],
		reasons,
		...(accepted.length === 0 ? {} : {accepted: [...new Set(accepted)]}),
		candidates: choice.candidates,
		translations: best === undefined ? [] : translationsOn(scene, best.installed).translations,
		workloads,
		steps,
		cost: scene.price(chosen && {installed: chosen.installed, needsWaypoint: chosen.needsWaypoint}),
	}
}

type Weighing = {
	readonly scene: Scene
	readonly found: readonly Reason[]
	readonly refused: boolean
	readonly steps: readonly Step[]
	readonly chosen: Fit | undefined
	readonly movement: Movement | undefined
}

/** A namespace that is where it is to be is not asked to weigh a move. */
function weighed({scene, found, refused, steps, chosen, movement}: Weighing): readonly Reason[] {
	if (refused) return found
	if (steps.length === 0) return found.filter(({severity}) => severity !== "accept")
	return chosen === undefined || movement === undefined
		? found
		: [...found, ...moveRemarks(scene, chosen, movement)]
}

const untouched = ({ref, pods}: Scene["workloads"][number]): PlannedWorkload => ({
	ref,
	from: placeOf(pods.filter(({is}) => is.counted).map(({is}) => is)),
	action: "Skip",
	reason: "the plan is refused",
})
