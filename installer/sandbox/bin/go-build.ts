import {spawn} from "node:child_process"
import {mkdtemp, rename, rm, writeFile} from "node:fs/promises"
import {tmpdir} from "node:os"
import {dirname, join} from "node:path"
import {codeOf, SandboxError} from "../errors.ts"
import type {Binary} from "./catalogue.ts"
import {explicitVariable} from "./explicit.ts"
import {manifestFiles} from "./manifest.ts"

const tailLines = 15
const compiler = "go"

/** Builds one program from its pinned manifest and moves it to `target` in one step. */
export async function goBuild(binary: Binary, target: string, signal?: AbortSignal): Promise<void> {
	// The manifest is copied: the package may be installed where nothing can be written.
	const work = await mkdtemp(join(tmpdir(), "heddle-build-"))
	// Beside the target, for a rename is atomic within one file system only.
	const out = await mkdtemp(join(dirname(target), ".build-"))
	try {
		for (const {name, text} of manifestFiles(binary.group)) await writeFile(join(work, name), text)
		const flags = ["-s", "-w", ...binary.linkerFlags].join(" ")
		const args = [
			"build",
			"-trimpath",
			"-mod=readonly",
			"-ldflags",
			flags,
			"-o",
			join(out, binary.name),
			binary.package,
		]
		const result = await go(args, work, signal)
		if (result.code !== 0) throw buildFailed(binary, args, result)
		await rename(join(out, binary.name), target)
	} finally {
		await rm(work, {recursive: true, force: true})
		await rm(out, {recursive: true, force: true})
	}
}

function buildFailed(binary: Binary, args: string[], {code, output}: Finished): SandboxError {
	const command = `go ${args.map((arg) => (arg.includes(" ") ? `"${arg}"` : arg)).join(" ")}`
	const last = output.trim().split("\n").slice(-tailLines).join("\n    ")
	return new SandboxError(
		`building ${binary.name} ${binary.version} failed (exit ${code}) in installer/sandbox/go/${binary.group}:\n  ${command}\n    ${last}`,
		`Or point ${explicitVariable(binary.name)} to a ${binary.name} ${binary.accept}.`,
	)
}

type Finished = {code: number | null; output: string}

/** Runs `go` without cgo, so that no C compiler is needed and the result depends on nothing of this machine. */
export function go(args: readonly string[], cwd: string, signal?: AbortSignal): Promise<Finished> {
	return new Promise((resolve, reject) => {
		const env = {...process.env, CGO_ENABLED: "0", GOWORK: "off"}
		const child = spawn(compiler, args, {
			cwd,
			env,
			stdio: ["ignore", "pipe", "pipe"],
			...(signal && {signal}),
		})
		let output = ""
		const take = (chunk: Buffer) => {
			// Bounded: `go` lists every download, and only the end is ever shown.
			output = (output + chunk).slice(-64_000)
		}
		child.stdout.on("data", take)
		child.stderr.on("data", take)
		child.once("error", (cause) => reject(codeOf(cause) === "ENOENT" ? goMissing(cause) : cause))
		child.once("close", (code) => resolve({code, output}))
	})
}

function goMissing(cause: Error): SandboxError {
	return new SandboxError(
		"the sandbox' programs must be built here, and Go is not installed",
		"Install Go 1.26 or newer (https://go.dev/dl), or put the programs into one folder and set HEDDLE_BIN_DIR.",
		{cause},
	)
}
