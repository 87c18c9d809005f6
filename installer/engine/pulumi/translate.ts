import type {EngineEvent, OpType, StepEventMetadata} from "@pulumi/pulumi/automation/index.js"
import type {InstallEvent, PlannedChange, ResourceAction, ResourceNode, ResourceState} from "../events.ts"

/** Pulumi's operations; those that are not listed concern its own records and not the cluster. */
const actions: Readonly<Partial<Record<OpType, ResourceAction>>> = {
	same: "same",
	create: "create",
	update: "update",
	delete: "delete",
	replace: "replace",
	"create-replacement": "replace",
	"delete-replaced": "delete",
	read: "read",
	"read-replacement": "read",
	refresh: "read",
	import: "adopt",
	"import-replacement": "adopt",
}

type Words = (text: string) => string

/** What one event of Pulumi's engine tells, in the words of every install; nothing for its own bookkeeping. */
export function translate(event: EngineEvent, words: Words): InstallEvent[] {
	const {resourcePreEvent, resOutputsEvent, resOpFailedEvent, diagnosticEvent} = event
	if (resourcePreEvent !== undefined) return resource(resourcePreEvent.metadata, () => "working")
	if (resOutputsEvent !== undefined) return resource(resOutputsEvent.metadata, ended)
	if (resOpFailedEvent !== undefined) return resource(resOpFailedEvent.metadata, () => "failed")
	if (diagnosticEvent === undefined || diagnosticEvent.ephemeral === true) return []
	const {severity, message} = diagnosticEvent
	const text = words(message).trim()
	if (text === "") return []
	return [{type: "log", level: severity === "info#err" ? "info" : severity, text, source: "pulumi"}]
}

const ended = (action: ResourceAction): ResourceState =>
	action === "delete" ? "gone" : action === "same" || action === "read" ? "skipped" : "ready"

function resource(
	metadata: StepEventMetadata,
	stateOf: (action: ResourceAction) => ResourceState,
): InstallEvent[] {
	const action = actions[metadata.op]
	const node = nodeOf(metadata)
	return action === undefined || node === undefined
		? []
		: [{...node, type: "resource", action, state: stateOf(action)}]
}

/** What a preview says will happen to one resource. */
export function plannedChange({resourcePreEvent}: EngineEvent): PlannedChange[] {
	if (resourcePreEvent === undefined) return []
	const {metadata} = resourcePreEvent
	const action = actions[metadata.op]
	const node = nodeOf(metadata)
	if (action === undefined || node === undefined) return []
	const fields = metadata.diffs ?? []
	return [{...node, action, ...(fields.length === 0 ? {} : {fields})}]
}

/** Stacks and providers are Pulumi's own; components are shown by what they hold. */
function nodeOf({urn, type, new: next, old}: StepEventMetadata): ResourceNode | undefined {
	if (!type.startsWith("kubernetes:")) return undefined
	const name = urn.split("::").at(-1) ?? urn
	const [component = "", id = name] = splitOnce(name)
	const parent = next?.parent ?? old?.parent ?? ""
	const [, ...rest] = id.split("/")
	return {
		id,
		kind: id.split("/")[0] ?? type,
		name: rest.at(-1) ?? id,
		...(parent === "" ? {} : {parent: component}),
		...(rest.length > 1 ? {namespace: rest[0] ?? ""} : {}),
	}
}

function splitOnce(text: string): string[] {
	const at = text.indexOf(":")
	return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)]
}
