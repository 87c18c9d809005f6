import {createHash} from "node:crypto"
import {abiOf} from "./abi.ts"
import {type Module, parseModule} from "./binary/module.ts"
import {type Limits, runInSandbox} from "./sandbox/run.ts"
import type {Fetched, Inspection, Pin} from "./types.ts"
import {type Asked, judge} from "./verdict.ts"

export type InspectOptions = {
	readonly asked: readonly Asked[]
	/** Hex, as a profile has it. */
	readonly sha256?: string
	readonly limits?: Limits
	readonly signal?: AbortSignal
}

const pagesPerMiB = 16

/** Says what a module is, and which hosts would run it. @throws MalformedModule */
export async function inspect(
	{address, bytes, image}: Fetched,
	{asked, sha256: wanted, limits, signal}: InspectOptions,
): Promise<Inspection> {
	const module = parseModule(bytes)
	const run = await runInSandbox(bytes, module, limits, signal)
	const sha256 = createHash("sha256").update(bytes).digest("hex")
	const pin: Pin =
		image === undefined
			? {sha256, of: "the module"}
			: {sha256: image.digest.replace(/^sha256:/, ""), of: "the image's manifest"}
	const hosts = judge({module, run, ...(image && {image})}, asked)
	const expected = wanted === undefined ? undefined : {sha256: wanted, matches: wanted === pin.sha256}
	const refused = hosts.some((host) => host.asked && !host.accepted) || expected?.matches === false
	return {
		apiVersion: "heddle.dev/v1alpha1",
		kind: "WasmInspection",
		address,
		...(image && {image}),
		sha256,
		bytes: bytes.length,
		pin,
		...(expected && {expected}),
		abi: abiOf(module),
		imports: module.imports,
		exports: module.exports,
		memory: memoryOf(module),
		run,
		hosts,
		verdict: refused ? "Refused" : "Accepted",
	}
}

function memoryOf({memories}: Module): Inspection["memory"] {
	const inMiB = (pages: number) => pages / pagesPerMiB
	const initialMiB = inMiB(memories.reduce((sum, {minimum}) => sum + minimum, 0))
	const [only] = memories
	return only?.maximum === undefined ? {initialMiB} : {initialMiB, maximumMiB: inMiB(only.maximum)}
}
