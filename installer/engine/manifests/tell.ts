import {groupKindOf, identityOf} from "../../infra/manifest.ts"
import type {OnInstallEvent, ResourceAction, ResourceNode, ResourceState} from "../events.ts"
import type {Live} from "./api.ts"

/** An object as a node of the tree that faces show. */
export function nodeOf(object: Live, component?: string): ResourceNode {
	const {name, namespace} = object.metadata
	return {
		id: identityOf(object),
		kind: groupKindOf(object),
		name,
		...(component === undefined ? {} : {parent: component}),
		...(namespace === undefined ? {} : {namespace}),
	}
}

export type Tell = (state: ResourceState, note?: string) => void

/** Tells of one object, with the time since its turn came. */
export function telling(onEvent: OnInstallEvent, node: ResourceNode, action: ResourceAction): Tell {
	const began = performance.now()
	return (state, note) =>
		onEvent({
			...node,
			type: "resource",
			action,
			state,
			...(note === undefined ? {} : {note}),
			elapsedMs: Math.round(performance.now() - began),
		})
}
