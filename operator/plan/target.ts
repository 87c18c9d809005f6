import {fieldOf} from "./candidates.ts"
import {type Choice, choose} from "./choose.ts"
import {isEmpty} from "./enrolment.ts"
import {extensionsOn} from "./extensions.ts"
import type {Installed} from "./facts.ts"
import {type Fit, fitOf} from "./fit.ts"
import {namespaceDefault} from "./namespace-default.ts"
import {runtimeReasons} from "./runtimes.ts"
import type {Scene} from "./scene.ts"
import {translationsOn} from "./translations.ts"
import type {To} from "./types.ts"

/** Chooses where a namespace is to go, with all that were weighed. */
export function targetOf(scene: Scene): Choice {
	const {profile, from, dataplanes, snapshot, name, uses, waypoint, brought} = scene
	const field = fieldOf({profile, dataplanes, facts: scene.facts, from})
	const isThere = ({dataplane, installation}: Installed) =>
		dataplane.name === from.dataplane &&
		(from.revision === undefined || from.revision === installation.revision)
	const admits = (target: Installed) =>
		!isEmpty(
			namespaceDefault({target, namespace: scene.namespace.metadata, facts: scene.facts, dataplanes}).first,
		)
	const beside = (target: Installed) => [
		...extensionsOn(scene, target).reasons,
		...runtimeReasons(scene, target),
	]
	const translated = (target: Installed) => translationsOn(scene, target)
	const there = {isThere, admits, brought}
	const input = {snapshot, namespace: name, uses, dataplanes, waypoint, beside, translated, ...there}
	const fits = field.installed.map((one) => fitOf(input, one))
	const choice = choose({mode: scene.spec.dataplane.mode, fits, from: from.dataplane, cost: scene.price})
	return {
		...choice,
		candidates: [...choice.candidates, ...field.missing],
		reasons: field.reasons.length > 0 ? field.reasons : choice.reasons,
	}
}

export function toOf({spec}: Scene, {installed}: Fit): To {
	const {mode} = spec.dataplane
	const {dataplane, installation} = installed
	return {
		dataplane: dataplane.name,
		mode: mode === "Auto" ? dataplane.family : mode,
		...(dataplane.family === "None" ? {} : {revision: installation.revision}),
	}
}
