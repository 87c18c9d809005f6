import {spawnSync} from "node:child_process"
import {closeSync, mkdtempSync, openSync, readFileSync, rmSync} from "node:fs"
import {tmpdir} from "node:os"
import {join, resolve} from "node:path"
import {entry} from "../kit/entry.ts"
import {type Estate, writeEstate} from "./estate.ts"
import {type Result, result} from "./result.ts"

const baseline = resolve(import.meta.dirname, "parse.mjs")
const probe = resolve(import.meta.dirname, "peak.mjs")

export type PlanBench = Estate & {readonly pairs: number}

type Measured = {readonly ms: number; readonly cpuMs: number; readonly peakMiB: number}

/** Turns: `heddle plan --from-files` of a large cluster's dump against JSON.parse of the very same bytes. */
export function plan({pairs, ...estate}: PlanBench): Result[] {
	const folder = mkdtempSync(join(tmpdir(), "heddle-bench-"))
	try {
		const dump = join(folder, "dump")
		const mebibytes = writeEstate(dump, estate) / 2 ** 20
		const pods = estate.namespaces * estate.podsEach
		process.stderr.write(`bench: ${pods} pods, ${Math.round(mebibytes)} MiB\n`)
		const ours: Measured[] = []
		const bare: Measured[] = []
		for (let pair = 0; pair < pairs; pair++) {
			bare.push(parsed(dump))
			ours.push(planned(dump, folder))
		}
		const note = `${estate.namespaces} namespaces with ${pods} pods, ${Math.round(mebibytes)} MiB; the whole command, from its start to the last byte of its JSON`
		const each = (pick: (one: Measured, at: number) => number) => ours.map(pick)
		return [
			result(
				{bench: "plan", what: "heddle plan / JSON.parse", unit: "ratio", aim: 3, note},
				each(({ms}, at) => ms / (bare[at]?.ms ?? Number.NaN)),
			),
			// What a machine with other work to do does not change: the clock runs while others have the processor.
			result(
				{bench: "plan", what: "processor time / JSON.parse's", unit: "ratio"},
				each(({cpuMs}, at) => cpuMs / (bare[at]?.cpuMs ?? Number.NaN)),
			),
			result(
				{bench: "plan", what: "peak memory / input", unit: "ratio"},
				each(({peakMiB}) => peakMiB / mebibytes),
			),
			result(
				{bench: "plan", what: "JSON.parse: peak memory / input", unit: "ratio"},
				bare.map(({peakMiB}) => peakMiB / mebibytes),
			),
			result(
				{bench: "plan", what: "heddle plan", unit: "s"},
				each(({ms}) => ms / 1e3),
			),
			result(
				{bench: "plan", what: "JSON.parse", unit: "s"},
				bare.map(({ms}) => ms / 1e3),
			),
		]
	} finally {
		rmSync(folder, {recursive: true, force: true})
	}
}

function parsed(dump: string): Measured {
	const {status, stdout, stderr} = spawnSync(process.execPath, [baseline, dump], {encoding: "utf8"})
	if (status !== 0) throw new Error(`JSON.parse of the dump ended with ${status}: ${stderr}`)
	type Told = {parseMs: number; parseCpuMs: number; peakMiB: number}
	const {parseMs, parseCpuMs, peakMiB} = JSON.parse(stdout) as Told
	return {ms: parseMs, cpuMs: parseCpuMs, peakMiB}
}

function planned(dump: string, folder: string): Measured {
	const report = join(folder, "report.json")
	const out = openSync(join(folder, "plan.json"), "w")
	const began = performance.now()
	const {status, stderr} = spawnSync(
		process.execPath,
		["--import", probe, entry, "plan", "--from-files", dump, "--output", "json"],
		{encoding: "utf8", stdio: ["ignore", out, "pipe"], env: {...process.env, HEDDLE_BENCH_REPORT: report}},
	)
	const ms = performance.now() - began
	closeSync(out)
	if (status !== 0 && status !== 3) throw new Error(`heddle plan ended with ${status}: ${stderr}`)
	const {cpuMs, peakMiB} = JSON.parse(readFileSync(report, "utf8")) as {cpuMs: number; peakMiB: number}
	return {ms, cpuMs, peakMiB}
}
