import type {StringMap} from "../snapshot/object.ts"

export type Meta = {
	readonly namespace?: string
	readonly labels?: StringMap
	readonly annotations?: StringMap
	readonly createdAt?: string
}

export function metaOf(name: string, {namespace, labels, annotations, createdAt}: Meta) {
	return {
		name,
		...(namespace === undefined ? {} : {namespace}),
		...(labels === undefined ? {} : {labels}),
		...(annotations === undefined ? {} : {annotations}),
		...(createdAt === undefined ? {} : {creationTimestamp: createdAt}),
	}
}
