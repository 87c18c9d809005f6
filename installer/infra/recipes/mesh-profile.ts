import {z} from "zod"
import {objects} from "../part.ts"
import type {Recipe} from "../recipe.ts"

const args = z.strictObject({
	profileName: z
		.string()
		.regex(
			/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/,
			"must be the name of an object: lower-case letters, digits, dashes and dots",
		),
	labels: z.record(z.string(), z.string()).optional(),
	// The CRD judges it, by rules that no second copy can keep up with.
	spec: z.record(z.string(), z.unknown()),
})

export const meshProfile: Recipe<z.infer<typeof args>> = {
	token: "heddle:index:MeshProfile",
	args,
	parts: ({profileName, labels, spec}) => [
		objects({
			apiVersion: "heddle.dev/v1alpha1",
			kind: "MeshProfile",
			metadata: {name: profileName, ...(labels === undefined ? {} : {labels})},
			spec,
		}),
	],
}
