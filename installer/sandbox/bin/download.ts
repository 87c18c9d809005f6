import {execFile} from "node:child_process"
import {createHash} from "node:crypto"
import {createWriteStream} from "node:fs"
import {chmod, mkdtemp, rename, rm} from "node:fs/promises"
import {dirname, join} from "node:path"
import {Readable, Transform} from "node:stream"
import {pipeline} from "node:stream/promises"
import {promisify} from "node:util"
import {messageOf} from "../errors.ts"
import {digestFor, type Release} from "./releases.ts"

const run = promisify(execFile)
const answerMs = 3000

/** Hosts that did not answer in this run: one slow lesson is enough. */
const unreachable = new Map<string, string>()

type Progress = (fraction: number | undefined) => void

export type DownloadOptions = {
	signal?: AbortSignal | undefined
	progress?: Progress | undefined
	env?: NodeJS.ProcessEnv
}

/** Fetches a release to `target`. Resolves to the reason when that cannot be done; never leaves an unverified file. */
export async function download(
	release: Release,
	target: string,
	{signal, progress, env = process.env}: DownloadOptions = {},
): Promise<string | undefined> {
	if (env.HEDDLE_OFFLINE === "1") return "downloads are off (HEDDLE_OFFLINE=1)"
	const host = new URL(release.url).host
	const known = unreachable.get(host)
	if (known) return known
	try {
		const digest = digestFor(release.url, await text(release.checksumUrl, signal))
		if (!digest) return `${host} states no SHA-256 for this file`
		await fetchVerified(release, digest, target, {signal, progress})
		return undefined
	} catch (error) {
		signal?.throwIfAborted()
		const reason = `${host}: ${reasonOf(error)}`
		unreachable.set(host, reason)
		return reason
	}
}

function reasonOf(error: unknown): string {
	const cause = error instanceof Error && error.cause ? error.cause : error
	return error instanceof Error && error.name === "TimeoutError"
		? `no answer within ${answerMs / 1000} s`
		: messageOf(cause)
}

async function text(url: string, signal: AbortSignal | undefined): Promise<string> {
	const patience = AbortSignal.timeout(answerMs)
	const response = await fetch(url, {signal: signal ? AbortSignal.any([signal, patience]) : patience})
	if (!response.ok) throw new Error(`HTTP ${response.status} for ${url}`)
	return response.text()
}

async function fetchVerified(
	release: Release,
	digest: string,
	target: string,
	{signal, progress}: Pick<DownloadOptions, "signal" | "progress">,
): Promise<void> {
	const response = await fetch(release.url, signal ? {signal} : {})
	if (!response.ok || !response.body) throw new Error(`HTTP ${response.status} for ${release.url}`)
	const folder = await mkdtemp(join(dirname(target), ".download-"))
	try {
		const file = join(folder, "artefact")
		const seen = await save(response, file, progress)
		if (seen !== digest) throw new Error(`SHA-256 is ${seen}, its publisher states ${digest}`)
		if (release.member) await run("tar", ["-xzf", file, "-C", folder, release.member])
		const program = release.member ? join(folder, release.member) : file
		await chmod(program, 0o755)
		await rename(program, target)
	} finally {
		await rm(folder, {recursive: true, force: true})
	}
}

async function save(response: Response, file: string, progress: Progress | undefined): Promise<string> {
	const total = Number(response.headers.get("content-length")) || undefined
	const hash = createHash("sha256")
	let bytes = 0
	const meter = new Transform({
		transform(chunk: Buffer, _encoding, done) {
			hash.update(chunk)
			bytes += chunk.length
			progress?.(total && bytes / total)
			done(null, chunk)
		},
	})
	if (!response.body) throw new Error("the answer has no body")
	await pipeline(Readable.fromWeb(response.body), meter, createWriteStream(file))
	return hash.digest("hex")
}
