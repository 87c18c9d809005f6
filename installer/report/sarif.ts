import {readFileSync} from "node:fs"
import {relative} from "node:path"
import {pathToFileURL} from "node:url"
import type {Place} from "../input/places.ts"

/*
 * SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/): the part of it that code scanning reads. A finding is
 * about an object of a cluster: that is its logical location. Where the object came from a file, the file and the line
 * are its physical one.
 */

export type Level = "error" | "warning" | "note"

export type Rule = {
	readonly id: string
	readonly title: string
	/** One paragraph. */
	readonly doc: string
	readonly fix?: string | undefined
	readonly level: Level
	/** Page and anchor in the repository's docs. */
	readonly page: string
}

export type SarifFinding = {
	readonly rule: string
	readonly level: Level
	readonly message: string
	/** `Kind/namespace/name` of what it is about. */
	readonly objects: readonly string[]
	readonly place?: Place | undefined
}

/** Something to know about the run itself: what could not be looked at, or why it ended. */
export type Notification = {readonly id: string; readonly level: Level; readonly message: string}

export type SarifRun = {
	/** Tells the runs of different commands apart in one repository, such as `check`. */
	readonly category: string
	readonly rules: readonly Rule[]
	readonly findings: readonly SarifFinding[]
	readonly notifications?: readonly Notification[]
	readonly exitCode: number
	/** False when the command could not do its work; findings are no failure of that kind. */
	readonly completed?: boolean
}

/** One SARIF log with one run, as text. Rules that no finding names are left out. */
export function sarifOf(run: SarifRun): string {
	const used = new Set(run.findings.map(({rule}) => rule))
	const rules = run.rules.filter(({id}) => used.has(id)).sort((a, b) => (a.id < b.id ? -1 : 1))
	const index = new Map(rules.map(({id}, at) => [id, at]))
	const notifications = run.notifications ?? []
	const log = {
		$schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
		version: "2.1.0",
		runs: [
			{
				tool: {
					driver: {
						name: "heddle",
						semanticVersion: version(),
						rules: rules.map(ruleOf),
					},
				},
				automationDetails: {id: `heddle/${run.category}/`},
				columnKind: "utf16CodeUnits",
				invocations: [
					{
						executionSuccessful: run.completed ?? true,
						exitCode: run.exitCode,
						...(notifications.length === 0
							? {}
							: {
									toolExecutionNotifications: notifications.map(({id, level, message}) => ({
										descriptor: {id},
										level,
										message: {text: message},
									})),
								}),
					},
				],
				results: run.findings.map((one) => resultOf(one, index.get(one.rule) ?? -1)),
			},
		],
	}
	return JSON.stringify(log, null, 2)
}

function version(): string {
	const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"))
	return (manifest as {version: string}).version
}

function ruleOf({id, title, doc, fix, level, page}: Rule) {
	return {
		id,
		shortDescription: {text: title},
		fullDescription: {text: doc},
		help: {text: `${fix === undefined ? "" : `${fix}\n`}See ${page}.`},
		defaultConfiguration: {level},
	}
}

function resultOf({rule, level, message, objects, place}: SarifFinding, ruleIndex: number) {
	const [first] = objects
	return {
		ruleId: rule,
		ruleIndex,
		level,
		message: {text: message},
		...(objects.length === 0 && place === undefined
			? {}
			: {
					locations: [
						{
							...(place === undefined ? {} : {physicalLocation: physical(place)}),
							...(objects.length === 0 ? {} : {logicalLocations: objects.map(logical)}),
						},
					],
				}),
		// What a finding is about and what it says, not where: lines move, the finding is the same.
		partialFingerprints: {"heddle/v1": `${rule}|${first ?? ""}|${message}`},
	}
}

function logical(ref: string) {
	return {name: ref.slice(ref.lastIndexOf("/") + 1), fullyQualifiedName: ref, kind: "resource"}
}

function physical({file, line}: Place) {
	return {artifactLocation: artifact(file), ...(line === undefined ? {} : {region: {startLine: line}})}
}

/** Within the working folder relative to it, as a checkout of a repository has it; elsewhere absolute. */
function artifact(file: string) {
	// An entry of an archive is not a file of its own; the archive is.
	const [path = file] = file.split("!", 1)
	if (path.startsWith("<")) return {uri: "stdin"}
	const inside = relative(process.cwd(), path)
	return inside.startsWith("..") || inside === ""
		? {uri: pathToFileURL(path).href}
		: {uri: inside.split(/[\\/]/).map(encodeURIComponent).join("/"), uriBaseId: "%SRCROOT%"}
}
