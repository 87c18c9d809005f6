import type {FlowDiagnostic, FlowPlan, FlowSummary, InstallEvent, ResourceEvent} from "../../engine/events.ts"
import type {StepEvent} from "../../sandbox/events.ts"

/** All that the events of one flow have told so far. Later events of one step or object take the place of earlier. */
export type Flow = {
	readonly steps: readonly Timed<StepEvent>[]
	readonly resources: readonly Timed<ResourceEvent>[]
	readonly plan?: FlowPlan
	readonly diagnostics: readonly FlowDiagnostic[]
	/** The last line that a program said. */
	readonly said?: string
	readonly summary?: FlowSummary
}

/** An event, and when the first about the same thing came; milliseconds since 1970. */
export type Timed<T> = T & {readonly since: number}

export const emptyFlow: Flow = {steps: [], resources: [], diagnostics: []}

export function withEvent(flow: Flow, event: InstallEvent, now: number): Flow {
	switch (event.type) {
		case "step":
			return {...flow, steps: upserted(flow.steps, event, now)}
		case "resource":
			return {...flow, resources: upserted(flow.resources, event, now)}
		case "plan":
			return {...flow, plan: event}
		case "diagnostic":
			return {...flow, diagnostics: [...flow.diagnostics, event]}
		case "log":
			return event.level === "debug" ? flow : {...flow, said: event.text}
		case "summary":
			return {...flow, summary: event}
		case "start":
			return emptyFlow
	}
}

function upserted<T extends {readonly id: string}>(
	list: readonly Timed<T>[],
	event: T,
	now: number,
): readonly Timed<T>[] {
	const at = list.findIndex(({id}) => id === event.id)
	const earlier = list[at]
	return earlier === undefined
		? [...list, {...event, since: now}]
		: list.with(at, {...event, since: earlier.since})
}

/** A node of the tree with its depth, parents first, in the order in which they came. */
export type Branch<T> = {readonly node: T; readonly depth: number}

export function treeOf<T extends {readonly id: string; readonly parent?: string}>(
	nodes: readonly T[],
): readonly Branch<T>[] {
	const known = new Set(nodes.map(({id}) => id))
	const children = Map.groupBy(nodes, ({parent}) => (parent !== undefined && known.has(parent) ? parent : ""))
	const below = (parent: string, depth: number): Branch<T>[] =>
		(children.get(parent) ?? []).flatMap((node) => [{node, depth}, ...below(node.id, depth + 1)])
	return below("", 0)
}
