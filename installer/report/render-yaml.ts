import {stringify} from "yaml"
import type {Placed} from "../engine/ordered.ts"
import type {Manifest} from "../infra/manifest.ts"

/** Anchors would make a reader resolve what was never one object; kubectl reads YAML 1.1, so `on` is quoted. */
const style = {aliasDuplicateObjects: false, lineWidth: 0, version: "1.1", sortMapEntries: false} as const

/** Documents in their order. The same objects make the same text, whatever the order of their keys was. */
export function yamlOf(objects: readonly Manifest[]): string {
	return objects.map((object) => stringify(inOrder(object), style)).join("---\n")
}

const first = ["apiVersion", "kind", "metadata"]

/** Keys as people write them at the top, sorted below: charts give them in the order of their templates. */
function inOrder(object: Manifest): object {
	const rest = Object.keys(object)
		.filter((key) => !first.includes(key))
		.sort()
	return Object.fromEntries([...first, ...rest].map((key) => [key, sorted(object[key])]))
}

function sorted(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(sorted)
	if (typeof value !== "object" || value === null) return value
	return Object.fromEntries(
		Object.entries(value)
			.sort(([a], [b]) => (a < b ? -1 : 1))
			.map(([key, inner]) => [key, sorted(inner)]),
	)
}

type File = {readonly name: string; readonly text: string}

/** A file for each component and stage, numbered in the order in which they are to be applied. */
export function filesOf(placed: readonly Placed[]): File[] {
	const groups = [...Map.groupBy(placed, ({stage, component}) => `${two(stage)}-${component}.yaml`)].map(
		([name, own]) => ({name, text: yamlOf(own.map(({object}) => object))}),
	)
	const kustomization = {
		apiVersion: "kustomize.config.k8s.io/v1beta1",
		kind: "Kustomization",
		resources: groups.map(({name}) => name),
	}
	return [...groups, {name: "kustomization.yaml", text: stringify(kustomization, style)}]
}

const two = (value: number) => String(value).padStart(2, "0")
