import {z} from "zod"
import {invalidInput} from "../abort.ts"
import {componentNames} from "./component-names.ts"

const name = z
	.string()
	.regex(/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/, "must be 1 to 40 lower-case letters, digits and dashes")

const profile = z.strictObject({
	name: z.string().min(1),
	labels: z.record(z.string(), z.string()).optional(),
	spec: z.record(z.string(), z.unknown()),
})

const schema = z.strictObject({
	apiVersion: z.literal("heddle.dev/v1alpha1"),
	kind: z.literal("Installation"),
	metadata: z.strictObject({name}),
	spec: z.strictObject({
		components: z.partialRecord(z.enum(componentNames), z.record(z.string(), z.unknown())),
		profiles: z.array(profile).default([]),
	}),
})

/**
 * What is to be installed, as one document: written by hand, made of the command line, and kept in the cluster beside
 * what it led to. It is no kind of the API and holds no secret.
 */
export type Installation = z.infer<typeof schema>

/** @throws AbortError naming each field that is not as it has to be */
export function installationOf(value: unknown, origin: string): Installation {
	const parsed = schema.safeParse(value)
	if (parsed.success) return parsed.data
	throw invalidInput(`${origin} is no Installation`, {
		details: parsed.error.issues.map(
			({path, message}) => `${path.length === 0 ? "document" : path.join(".")}: ${message}`,
		),
		tryMessage: `It needs apiVersion heddle.dev/v1alpha1, kind Installation, metadata.name, and spec.components with some of ${componentNames.join(", ")}.`,
	})
}

export function emptyInstallation(name: string): Installation {
	return {
		apiVersion: "heddle.dev/v1alpha1",
		kind: "Installation",
		metadata: {name},
		spec: {components: {}, profiles: []},
	}
}
