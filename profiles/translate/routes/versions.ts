import {type Rule, rulesFor, serviceNamed} from "../../routing/backends.ts"
import {type KubeObject, refOf} from "../../snapshot/object.ts"
import type {Service} from "../../snapshot/shapes.ts"
import {owned} from "../owned.ts"
import {type FieldVerdict, nothingTranslated, type Translated, worstOf} from "../types.ts"
import {type Surrounding, type Version, versionName} from "./backends.ts"

type Policy = Readonly<Record<string, unknown>>

/**
 * What becomes of the DestinationRules whose subsets routes lead to: a Service for each, with the policy that the subset
 * has today. The rule itself stays until every pod has moved, since sidecars that have not read the new routes yet
 * would find no endpoints without it; then one without subsets takes its place.
 */
export function versionsOf(versions: readonly Version[], around: Surrounding): Translated {
	const {world, namespace} = around
	return [...new Set(versions.map(({service}) => service))].reduce<Translated>((made, name) => {
		const service = serviceNamed(world, {name, namespace})
		const [rule] = rulesFor(world, {name, namespace})
		if (service === undefined || rule === undefined) return made
		const wanted = new Set(versions.filter((one) => one.service === name).map(({subset}) => subset))
		return combined(made, divided(rule, service, wanted))
	}, nothingTranslated)
}

const combined = (a: Translated, b: Translated): Translated => ({
	...a,
	translations: [...a.translations, ...b.translations],
	before: [...a.before, ...b.before],
	after: [...a.after, ...b.after],
	retired: [...a.retired, ...b.retired],
})

function divided(rule: Rule, service: Service, wanted: ReadonlySet<string>): Translated {
	const {object, subsets} = rule
	const inUse = subsets.filter(({name}) => wanted.has(name))
	const fields: FieldVerdict[] = [...policyFields(rule.policy, "spec.trafficPolicy")]
	const before = inUse.flatMap((subset) => {
		const name = versionName({service: service.metadata.name, subset: subset.name})
		const policy = {...rule.policy, ...subset.policy}
		fields.push({path: `${subset.path}.labels`, verdict: "exact", note: `by the Service ${name}`})
		fields.push(...policyFields(subset.policy, `${subset.path}.trafficPolicy`))
		return [
			versionService(service, {name, labels: subset.labels, source: object}),
			...(Object.keys(policy).length === 0 ? [] : [ruleFor(object, {name, host: name, policy})]),
		]
	})
	const name = `heddle-${object.metadata.name}`
	const {policy} = rule
	const after = policy === undefined ? [] : [ruleFor(object, {name, host: service.metadata.name, policy})]
	return {
		...nothingTranslated,
		translations: [{source: refOf(object), verdict: worstOf(fields), fields, objects: [...before, ...after]}],
		before,
		after,
		retired: [refOf(object)],
	}
}

/** What each proxy counts for itself is counted by the few waypoints for all callers. */
const counted: readonly string[] = ["connectionPool", "outlierDetection"]

const policyFields = (policy: Policy | undefined, path: string): readonly FieldVerdict[] =>
	Object.keys(policy ?? {}).map((key) =>
		counted.includes(key)
			? {
					path: `${path}.${key}`,
					verdict: "approximated",
					note: "each waypoint counts for all callers, where each caller's sidecar counted for itself",
				}
			: {path: `${path}.${key}`, verdict: "exact"},
	)

function versionService(
	service: Service,
	{name, labels, source}: {name: string; labels: Readonly<Record<string, string>>; source: KubeObject},
): KubeObject {
	const ports = (service.spec?.ports ?? []).map(
		({name: port, port: number, targetPort, protocol, appProtocol}) => ({
			...(port === undefined ? {} : {name: port}),
			port: number,
			...(targetPort === undefined ? {} : {targetPort}),
			...(protocol === undefined ? {} : {protocol}),
			...(appProtocol === undefined ? {} : {appProtocol}),
		}),
	)
	return owned({
		source,
		role: "copy",
		namespace: service.metadata.namespace ?? "",
		name,
		type: {apiVersion: "v1", kind: "Service"},
		spec: {selector: {...service.spec?.selector, ...labels}, ports},
	})
}

const ruleFor = (
	source: KubeObject,
	{name, host, policy}: {readonly name: string; readonly host: string; readonly policy: Policy},
): KubeObject =>
	owned({
		source,
		role: "copy",
		namespace: source.metadata.namespace ?? "",
		name,
		spec: {host, trafficPolicy: policy},
	})
