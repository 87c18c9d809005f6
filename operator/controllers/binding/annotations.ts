import type {MeshBinding} from "../../../crds/generated.ts"
import {annotations} from "../../api/names.ts"
import type {NamespaceImages} from "./actions.ts"
import type {NamespaceImage} from "./pre-image.ts"

const {original, previous} = annotations

/** The annotations of a binding that carry the namespace's pre-images. */
export const annotationsOf = (images: NamespaceImages): Record<string, string> => ({
	...(images.original === undefined ? {} : {[original]: JSON.stringify(images.original)}),
	...(images.previous === undefined ? {} : {[previous]: JSON.stringify(images.previous)}),
})

/** Reads them back. What is missing or not readable is left out: nothing is ever restored from a guess. */
export function imagesOf(binding: MeshBinding): NamespaceImages {
	const {[original]: first, [previous]: last} = binding.metadata.annotations ?? {}
	return {original: read(first), previous: read(last)}
}

const isStringMap = (value: unknown): boolean =>
	typeof value === "object" &&
	value !== null &&
	!Array.isArray(value) &&
	Object.values(value).every((one) => typeof one === "string")

function read(text: string | undefined): NamespaceImage | undefined {
	if (text === undefined) return undefined
	try {
		const image = JSON.parse(text) as Partial<NamespaceImage> | null
		const whole =
			typeof image?.migration === "string" && isStringMap(image.labels) && isStringMap(image.annotations)
		return whole ? (image as NamespaceImage) : undefined
	} catch {
		return undefined
	}
}
