import {isComponentName} from "../../engine/component-names.ts"
import type {Component, Plane, State} from "./state.ts"

/** One line of the dataplanes: one that carries traffic, or what Heddle installs beside them. */
export type Item = {
	readonly name: string
	readonly plane?: Plane
	readonly component?: Component
}

/** The dataplanes first, each control plane on its own, then what is beside them. */
export function inventory({planes, components = []}: Pick<State, "planes" | "components">): readonly Item[] {
	const byName = new Map(components.map((one) => [one.name as string, one]))
	const dataplanes = planes.map((plane): Item => {
		const component = byName.get(plane.name)
		return {name: plane.name, plane, ...(component === undefined ? {} : {component})}
	})
	const known = new Set(planes.map(({name}) => name))
	const beside = components
		.filter(({name}) => !known.has(name))
		.map((component): Item => ({name: component.name, component}))
	return [...dataplanes, ...beside]
}

/** Something of it runs here, whoever brought it; undefined where nothing tells. */
export function isThere({plane, component}: Item): boolean | undefined {
	if (component?.recorded === true) return true
	return plane === undefined ? undefined : plane.revision !== undefined
}

/** No control plane carries it, and Heddle installs none. */
export const isInstallable = ({name}: Item): boolean => isComponentName(name)
