import type {Manifest} from "../manifest.ts"
import {groupOf} from "../manifest.ts"

/**
 * Fields that a controller writes into an object that it did not create. Whoever states them in git or in Pulumi
 * reverts the controller for ever (istio#52785, istio#57643, argo-cd#1487), so Heddle's components state none of them.
 */
export type DriftRule = {
	readonly group: string
	readonly kind: string
	/** Of the object's name. */
	readonly names: RegExp
	/** The list whose every entry has the fields. */
	readonly list: string
	/** Below each entry. */
	readonly fields: readonly string[]
	/** What says so. */
	readonly source: string
}

const admission = {group: "admissionregistration.k8s.io", list: "webhooks"} as const
const caBundle = "clientConfig.caBundle"

const driftRules: readonly DriftRule[] = [
	{
		...admission,
		kind: "ValidatingWebhookConfiguration",
		names: /^(istio-validator.*|istiod-.*validator)$/,
		// The chart's first value is Ignore; istiod makes it Fail. Left out it is Fail from the start.
		fields: [caBundle, "failurePolicy"],
		source:
			"istio:manifests/charts/istio-control/istio-discovery/templates/validatingwebhookconfiguration.yaml",
	},
	{
		...admission,
		kind: "MutatingWebhookConfiguration",
		names: /^istio-(sidecar-injector|revision-tag)/,
		fields: [caBundle],
		source: "istio:pilot/pkg/bootstrap (webhook patcher)",
	},
	{
		...admission,
		kind: "ValidatingWebhookConfiguration",
		names: /^linkerd-.*-webhook-config$/,
		fields: [caBundle],
		source: "https://linkerd.io/2-edge/tasks/automatically-rotating-webhook-tls-credentials/",
	},
	{
		...admission,
		kind: "MutatingWebhookConfiguration",
		names: /^linkerd-.*-webhook-config$/,
		fields: [caBundle],
		source: "https://linkerd.io/2-edge/tasks/automatically-rotating-webhook-tls-credentials/",
	},
	{
		...admission,
		kind: "MutatingWebhookConfiguration",
		names: /^dapr-sidecar-injector$/,
		fields: [caBundle],
		source: "dapr:charts/dapr/charts/dapr_sidecar_injector/templates",
	},
]

/** Rules about the same kind together, in their order. */
export const rulesByKind = (): (readonly [DriftRule, ...DriftRule[]])[] =>
	[...Map.groupBy(driftRules, ({group, kind}) => `${group}/${kind}`).values()] as [
		DriftRule,
		...DriftRule[],
	][]

type Entry = {readonly [field: string]: unknown}

/** The object without the fields that are a controller's own. */
export function withoutControllersFields(object: Manifest): Manifest {
	const rules = driftRules.filter(
		({group, kind, names}) =>
			object.kind === kind && groupOf(object) === group && names.test(object.metadata.name),
	)
	const lists = rules.map(({list, fields}) => {
		const entries = Array.isArray(object[list]) ? (object[list] as Entry[]) : []
		return [list, entries.map((entry) => without(entry, fields))] as const
	})
	return {...object, ...Object.fromEntries(lists)}
}

const without = (entry: Entry, fields: readonly string[]) =>
	fields.reduce((one, field) => omitted(one, field.split(".")), entry)

function omitted(entry: Entry, [key = "", ...rest]: readonly string[]): Entry {
	if (!(key in entry)) return entry
	const {[key]: value, ...others} = entry
	return rest.length === 0 ? others : {...others, [key]: omitted((value ?? {}) as Entry, rest)}
}
