import {plural} from "../../names.ts"
import {selects} from "../../pods.ts"
import type {Reason} from "../../reason.ts"
import {reason} from "../../reasons.ts"
import * as kinds from "../../snapshot/kinds.ts"
import {refOf} from "../../snapshot/object.ts"
import type {Snapshot} from "../../snapshot/snapshot.ts"
import {workloadShare} from "../../wasm-hosts/costs.ts"
import {type Templated, templatesIn} from "../../workloads.ts"
import type {RuntimeMove} from "../runtime.ts"
import {commandHazards, mixedPodHazards} from "./mixed-pods.ts"
import {handlerOf, RuntimeClass} from "./runtime-class.ts"

/** Of one engine; what is about the profile's class alone is the same from each, and said once. */
export function wasmHazards(engine: string) {
	return (snapshot: Snapshot, move: RuntimeMove): readonly Reason[] => {
		if (snapshot.list(RuntimeClass).length === 0 && move.wish.wasm?.runtimeClassName === undefined) return []
		const all = templatesIn(snapshot, move.namespace)
		return [...wishHazards(snapshot, move, all), ...workloadHazards(snapshot, move, {engine, all})]
	}
}

function wishHazards(
	snapshot: Snapshot,
	{wish, namespace}: RuntimeMove,
	all: readonly Templated[],
): readonly Reason[] {
	const name = wish.wasm?.runtimeClassName
	if (name === undefined) return []
	const found = snapshot.get(RuntimeClass, name)
	if (found === undefined)
		return [reason("RuntimeClassMissing", {message: `There is no RuntimeClass ${name}.`})]
	const object = refOf(found)
	const unknown = `Heddle does not know the handler ${found.handler ?? ""} of ${object}.`
	const native = all.filter(({template}) => template.spec?.runtimeClassName !== name)
	const left = `${native.length} of ${plural(all.length, "workload")} of ${namespace} without the class ${name}: left as they are.`
	return [
		...(handlerOf(found) === undefined ? [reason("RuntimeHandlerUnknown", {object, message: unknown})] : []),
		...nodeHazard(snapshot, object, found.scheduling?.nodeSelector),
		...(native.length > 0 ? [reason("RuntimeClassNotWritten", {object, message: left})] : []),
	]
}

/** Without a node to look at nothing is said: files often hold none. */
function nodeHazard(
	snapshot: Snapshot,
	object: string,
	matchLabels: Readonly<Record<string, string>> | undefined,
): readonly Reason[] {
	const nodes = snapshot.list(kinds.Node).filter(({spec}) => spec?.unschedulable !== true)
	if (matchLabels === undefined || nodes.length === 0) return []
	if (nodes.some(({metadata}) => selects({matchLabels}, metadata.labels ?? {}))) return []
	const labels = Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`)
	const message = `No schedulable node has ${labels.join(", ")}, by which ${object} schedules.`
	return [reason("RuntimeClassWithoutNodes", {object, message})]
}

function workloadHazards(
	snapshot: Snapshot,
	move: RuntimeMove,
	{engine, all}: {readonly engine: string; readonly all: readonly Templated[]},
): readonly Reason[] {
	const own = all.flatMap((workload) => {
		const name = workload.template.spec?.runtimeClassName
		const found = name === undefined ? undefined : snapshot.get(RuntimeClass, name)
		const handler = found && handlerOf(found)
		return handler?.engine === engine ? [{workload, handler}] : []
	})
	if (own.length === 0) return []
	const {low, high} = workloadShare.percent
	return [
		...own.flatMap(({workload, handler}) => [
			...mixedPodHazards(snapshot, workload, {handler, move}),
			...commandHazards(workload),
		]),
		reason("WasmNotObservable", {
			message: `Nothing in the API says that ${plural(own.length, "workload")} for ${engine} ran as modules.`,
		}),
		reason("WasmCostUnproven", {
			message: `A module may take ${low} to ${high} % of what its container twin takes; the plan counts what is requested.`,
		}),
	]
}
