import {isMosnImage} from "../foreign.ts"
import {annotationOf} from "../pods.ts"
import type {Reason} from "../reason.ts"
import {reason} from "../reasons.ts"
import {refOf} from "../snapshot/object.ts"
import type {PodTemplate} from "../snapshot/shapes.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"
import {templatesIn} from "../workloads.ts"

const image = "sidecar.istio.io/proxyImage"
const config = "proxy.istio.io/config"

/** Templates that ask for MOSN by themselves: a current Istio would put MOSN into their pods, or start nothing. */
export function mosnPins(snapshot: Snapshot, namespace: string): readonly Reason[] {
	return templatesIn(snapshot, namespace).flatMap(({object, template}) => {
		const keys = pinsOf(template)
		if (keys.length === 0) return []
		const message = `${refOf(object)} asks for MOSN by ${keys.join(" and ")}, whichever Istio injects.`
		return [reason("TemplatePinsMosn", {object: refOf(object), message})]
	})
}

function pinsOf(template: PodTemplate): readonly string[] {
	return [
		...(isMosnImage(annotationOf(template, image)) ? [image] : []),
		...(/binaryPath:?.*\bmosn\b/.test(annotationOf(template, config) ?? "") ? [config] : []),
	]
}
