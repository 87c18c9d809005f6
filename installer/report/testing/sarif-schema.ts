import {z} from "zod"

/*
 * The constraints of the official schema (sarif-schema-2.1.0.json of OASIS) on the part of SARIF that Heddle writes:
 * required properties, types, enumerations, patterns and uniqueness. Strict, as the schema's own
 * `additionalProperties: false` is: a property that SARIF does not have fails.
 */

const text = z.string().min(1)
const message = z.strictObject({text})
const multiformat = z.strictObject({text, markdown: text.optional()})
const level = z.enum(["none", "note", "warning", "error"])
const unique = <T extends z.ZodType>(of: T) =>
	z
		.array(of)
		.refine((items) => new Set(items.map((one) => JSON.stringify(one))).size === items.length, "items repeat")

/** A URI reference: escaped, and without a backslash. */
const uri = z.string().regex(/^(?:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+$/)

const rule = z.strictObject({
	id: text,
	shortDescription: multiformat,
	fullDescription: multiformat,
	help: multiformat,
	defaultConfiguration: z.strictObject({level}),
})

const location = z.strictObject({
	physicalLocation: z
		.strictObject({
			artifactLocation: z.strictObject({uri, uriBaseId: text.optional()}),
			region: z.strictObject({startLine: z.int().min(1)}).optional(),
		})
		.optional(),
	logicalLocations: unique(z.strictObject({name: text, fullyQualifiedName: text, kind: text})).optional(),
})

const result = z.strictObject({
	ruleId: text,
	ruleIndex: z.int().min(-1),
	level,
	message,
	locations: z.array(location).optional(),
	partialFingerprints: z.record(text, z.string()),
})

const notification = z.strictObject({descriptor: z.strictObject({id: text}), level, message})

const run = z.strictObject({
	tool: z.strictObject({
		driver: z.strictObject({name: text, semanticVersion: text, rules: unique(rule)}),
	}),
	automationDetails: z.strictObject({id: text}),
	columnKind: z.enum(["utf16CodeUnits", "unicodeCodePoints"]),
	invocations: z.array(
		z.strictObject({
			executionSuccessful: z.boolean(),
			exitCode: z.int(),
			toolExecutionNotifications: z.array(notification).optional(),
		}),
	),
	results: z.array(result),
})

const log = z.strictObject({$schema: z.url(), version: z.literal("2.1.0"), runs: z.array(run).min(1)})

export type SarifLog = z.infer<typeof log>

/** @throws ZodError saying what the schema forbids, and Error where an index leads to another rule */
export function sarifLog(json: string): SarifLog {
	const parsed = log.parse(JSON.parse(json))
	for (const {tool, results} of parsed.runs) {
		for (const {ruleId, ruleIndex} of results) {
			if (tool.driver.rules[ruleIndex]?.id !== ruleId) throw new Error(`${ruleId} is not rule ${ruleIndex}`)
		}
	}
	return parsed
}
