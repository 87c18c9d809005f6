import {valid} from "semver"
import {z} from "zod"

/** Arguments that several components take. */

export const version = (standard: string) =>
	z
		.string()
		.refine((text) => valid(text) === text, "must be a full version without a v, such as 1.31.1")
		.default(standard)

export const namespace = (standard: string) =>
	z
		.string()
		.regex(
			/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
			"must be a namespace's name: up to 63 lower-case letters, digits and dashes",
		)
		.default(standard)

export const chartDir = z
	.string()
	.min(1)
	.optional()
	.transform((folder) => folder ?? (process.env.HEDDLE_CHART_DIR || undefined))

/** A revision becomes a part of names and the value of a label. */
export const revision = z
	.string()
	.regex(
		/^[a-z0-9]([a-z0-9-]{0,54}[a-z0-9])?$/,
		"must be lower-case letters, digits and dashes, such as 1-31-1",
	)

export const replicas = (standard: number) => z.int().min(1).max(100).default(standard)

/** `folder` of a chart, left out where none was named. */
export const fromFolder = (folder: string | undefined) => (folder === undefined ? {} : {folder})

/** A namespace of a control plane. Its own webhooks leave it alone. */
export const controlPlaneNamespace = (name: string, labels: Readonly<Record<string, string>> = {}) => ({
	apiVersion: "v1",
	kind: "Namespace",
	metadata: {name, ...(Object.keys(labels).length === 0 ? {} : {labels})},
})
