import {readRequestAuthentication} from "../../apis/istio/extensions.ts"
import {type Identity, principalOf} from "../../policy/request.ts"
import {type KubeObject, refOf, type StringMap} from "../../snapshot/object.ts"
import {owned} from "../owned.ts"
import {type FieldVerdict, nothingTranslated, type Translated} from "../types.ts"
import {usesAnother} from "./astray.ts"
import {podsOf, type Surroundings, servicesOf} from "./behind.ts"
import {movedSuffix, movedToAmbient} from "./to-ambient.ts"

/**
 * A RequestAuthentication that selects pods, for a namespace whose Services are about to use a waypoint: the same
 * tokens are verified there. ztunnel verifies none, so a guard keeps out who comes past the waypoint.
 */
export function tokensToAmbient(
	object: KubeObject,
	input: Surroundings & {
		readonly namespace: string
		readonly waypoint: {readonly name: string; readonly identity: Identity}
	},
): Translated {
	const {selector} = readRequestAuthentication(object).value
	const {namespace} = input
	const {whole, parted} = servicesOf(selector, input)
	if (podsOf(selector, input).length === 0) return nothingTranslated
	const astray = whole.some(({metadata}) => usesAnother(metadata.labels, input))
	const field = verdictOf(whole.length, parted.length, astray)
	const fields: readonly FieldVerdict[] =
		field.verdict === "blocked" ? [field] : [field, {path: "spec.jwtRules", verdict: "exact"}]
	const source = refOf(object)
	if (field.verdict === "blocked")
		return {...nothingTranslated, translations: [{source, verdict: "blocked", fields, objects: []}]}
	const own = object.metadata.namespace === namespace
	const name = `${own ? "" : `${object.metadata.namespace}.`}${object.metadata.name}`
	const {jwtRules} = (object as {spec?: {jwtRules?: unknown}}).spec ?? {}
	const copy = owned({
		source: object,
		role: "copy",
		namespace,
		name: `heddle-waypoint-${name}`,
		spec: {
			targetRefs: whole.slice(0, 16).map(({metadata}) => ({group: "", kind: "Service", name: metadata.name})),
			jwtRules,
		},
	})
	const guard = (marker: StringMap, suffix = "") =>
		owned({
			source: object,
			role: "guard",
			namespace,
			name: `heddle-guard-tokens-${name}${suffix}`,
			undoneFirst: suffix === "",
			type: {apiVersion: "security.istio.io/v1", kind: "AuthorizationPolicy"},
			spec: {
				...(Object.keys({...selector, ...marker}).length > 0
					? {selector: {matchLabels: {...selector, ...marker}}}
					: {}),
				action: "DENY",
				rules: [{from: [{source: {notPrincipals: [principalOf(input.waypoint.identity)]}}]}],
			},
		})
	const guarded = guard(movedToAmbient, movedSuffix)
	return {
		...nothingTranslated,
		translations: [{source, verdict: "exact", fields, objects: [copy, guard({})]}],
		before: [guarded, copy],
		after: [guard({})],
		retired: own ? [source] : [],
	}
}

/** One object holds so many targets. */
const mostTargets = 16

function verdictOf(whole: number, parted: number, astray: boolean): FieldVerdict {
	const path = "spec.selector"
	if (astray)
		return {path, verdict: "blocked", note: "a Service does not go through the waypoint, by its own label"}
	if (parted > 0) return {path, verdict: "blocked", note: "a Service also has pods that it does not select"}
	if (whole === 0) return {path, verdict: "blocked", note: "no Service leads to these pods"}
	if (whole > mostTargets)
		return {
			path,
			verdict: "blocked",
			note: `${whole} Services lead to these pods, and ${mostTargets} is the most`,
		}
	return {path, verdict: "exact", note: "targetRefs, with a guard for calls past the waypoint"}
}
