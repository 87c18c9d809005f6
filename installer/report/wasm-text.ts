import {plural} from "../../profiles/names.ts"
import type {HostVerdict, Inspection} from "../wasm/types.ts"
import type {Cell, Page, Row} from "./layout.ts"
import {banner, table} from "./layout.ts"

const mostReasons = 6

/** What an inspection found, with the hosts that were asked first. */
export function wasmText(seen: Inspection, page: Page): string {
	const accepted = seen.verdict === "Accepted"
	const verdict: Cell = {text: seen.verdict, tone: accepted ? "ok" : "bad"}
	const asked = seen.hosts.filter((one) => one.asked)
	const others = seen.hosts.filter((one) => !one.asked)
	return [
		...banner({text: seen.address, tone: "strong"}, verdict, page),
		"",
		...table(factsOf(seen), page, {indent: 2}),
		"",
		page.style("strong", "Hosts"),
		...table(asked.flatMap(rowsOf), page, {indent: 2}),
		...(others.length === 0
			? []
			: ["", page.style("dim", "Not asked"), ...table(others.flatMap(rowsOf), page, {indent: 2})]),
		...nextSteps(seen, page),
	].join("\n")
}

function factsOf({image, sha256, bytes, pin, expected, abi, imports, memory, run}: Inspection): Row[] {
	const most = memory.maximumMiB === undefined ? "no limit of its own" : `at most ${memory.maximumMiB} MiB`
	return [
		...(image === undefined
			? []
			: [
					["image", `${image.name}${image.tag ? `:${image.tag}` : ""}, ${image.layout}`],
					["manifest", image.digest],
					...(image.index === undefined ? [] : [["index", image.index]]),
				]),
		["module", `sha256:${sha256}, ${sizeOf(bytes)}`],
		["interface", abi.length === 0 ? {text: "none that is known", tone: "bad"} : abi.join(", ")],
		["imports", importsText(imports)],
		["memory", `${memory.initialMiB} MiB to begin with, ${most}`],
		[
			"sandbox",
			run.outcome === "ran"
				? `ran ${run.stages.join(", ")}; ${run.memoryMiB} MiB afterwards`
				: {text: run.message, tone: "bad"},
		],
		["sha256", `${pin.sha256} (of ${pin.of}; what a profile pins)`],
		...(expected === undefined || expected.matches
			? []
			: [["", {text: mismatch(expected.sha256, sha256, pin), tone: "bad" as const}]]),
	]
}

const mostImports = 40

function importsText(imports: Inspection["imports"]): string {
	const names = imports.slice(0, mostImports).map(({module, name}) => `${module}.${name}`)
	const more = imports.length - names.length
	return (
		[...names, ...(more > 0 ? [`and ${more} more; --output json has them all`] : [])].join(", ") || "none"
	)
}

function mismatch(wanted: string, sha256: string, pin: Inspection["pin"]): string {
	return wanted === sha256
		? `--sha256 is the digest of the module, and hosts compare the one of ${pin.of}`
		: `--sha256 ${wanted} is another one`
}

const sizeOf = (bytes: number): string =>
	bytes < 10_240 ? `${bytes} bytes` : `${Math.round(bytes / 1024)} KiB`

function rowsOf({host, versions, accepted, reasons}: HostVerdict): Row[] {
	const mark: Cell = accepted ? {text: "✓", tone: "ok"} : {text: "✕", tone: "bad"}
	const where = versions === "*" ? "any version" : versions
	const more = reasons.length - mostReasons
	const said = [
		...reasons.slice(0, mostReasons).map(({message}) => message),
		...(more > 0 ? [`and ${plural(more, "reason")} more; --output json has them all`] : []),
	]
	return [[mark, host, where, said[0] ?? "runs it"], ...said.slice(1).map((text): Row => ["", "", "", text])]
}

/** What the sandbox cannot show, and how to go on. */
function nextSteps({verdict}: Inspection, page: Page): string[] {
	if (verdict === "Refused") return []
	const text =
		"It loads and initialises there. What it does with a request is not shown by this: try it on few pods first. heddle plan takes the JSON of this as --wasm-proof."
	return ["", ...table([[{text}]], page)]
}
