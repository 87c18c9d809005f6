import type {Keys} from "../../profiles/dataplane.ts"
import {declared, isEmpty, keysToChange, noKeys} from "./enrolment.ts"
import type {Step} from "./types.ts"
import {declaresTarget, type Goal} from "./workloads/decide.ts"

/** The default of future pods, in the two parts in which it is written. */
export type NamespaceDefault = {
	/** Before any pod is made: what would overrule the pods' own templates. */
	readonly first: Keys
	/** After the last wave. */
	readonly last: Keys
}

/**
 * The default follows last, so that no running pod is flipped by a label. One thing goes first: an injector asks the
 * namespace before the pod, so a label there that says otherwise would leave new pods out whatever their template says.
 */
export function namespaceDefault(goal: Goal): NamespaceDefault {
	const {target, namespace, facts, dataplanes} = goal
	if (declaresTarget(declared(namespace, {}, facts.installed), target)) return {first: noKeys, last: noKeys}
	const installed = new Set(facts.installed.map(({dataplane}) => dataplane.name))
	const keys = keysToChange({level: "namespace", present: namespace, target, dataplanes, installed})
	const {dataplane} = target
	const overruled = Object.keys(keys.labels).some(
		(key) => dataplane.owns(key) && namespace.labels?.[key] !== undefined,
	)
	if (dataplane.family !== "Sidecar" || !overruled) return {first: noKeys, last: keys}
	const [own, rest] = parted(keys, (key) => dataplane.owns(key))
	return {first: own, last: rest}
}

function parted(keys: Keys, belongs: (key: string) => boolean): readonly [Keys, Keys] {
	const only = (part: Keys[keyof Keys], wanted: boolean) =>
		Object.fromEntries(Object.entries(part).filter(([key]) => belongs(key) === wanted))
	return [
		{labels: only(keys.labels, true), annotations: only(keys.annotations, true)},
		{labels: only(keys.labels, false), annotations: only(keys.annotations, false)},
	]
}

export function namespaceSteps(
	name: string,
	{first, last}: NamespaceDefault,
): {readonly first: readonly Step[]; readonly last: readonly Step[]} {
	const step = (id: string, keys: Keys, note: string): readonly Step[] =>
		isEmpty(keys) ? [] : [{id, action: "Apply", object: `Namespace/${name}`, note, keys}]
	return {
		first: step("namespace-admit", first, "the namespace's own label would overrule the pod templates"),
		last: step("namespace-default", last, "the default of future pods follows last"),
	}
}
