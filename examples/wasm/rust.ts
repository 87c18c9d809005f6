import {execFile} from "node:child_process"
import {readdir} from "node:fs/promises"
import {resolve} from "node:path"
import {promisify} from "node:util"

const run = promisify(execFile)

const platform = "wasm32-unknown-unknown"
const rustc = process.env.RUSTC || "rustc"

/** Why the module in Rust cannot be built on this machine; undefined when it can. */
export async function whyNoRust(): Promise<string | undefined> {
	const asked = run(rustc, ["--print", "target-libdir", "--target", platform])
	const folder = await asked.then(({stdout}) => stdout.trim()).catch(() => undefined)
	if (folder === undefined)
		return `${rustc} is not here, or does not know ${platform}: set RUSTC to one that does`
	const libraries = await readdir(folder).catch(() => [])
	if (libraries.length > 0) return undefined
	return `${rustc} has no standard library for ${platform}: rustup target add ${platform}, or Debian's rustc with libstd-rust-dev-wasm32, named by RUSTC`
}

/** One call of the compiler: there is no crate to fetch. */
export async function buildRust(target: string): Promise<void> {
	await run(rustc, [
		...["--edition", "2021", "--crate-type", "cdylib", "--target", platform],
		...["-C", "opt-level=s", "-C", "lto", "-C", "panic=abort", "-C", "strip=symbols"],
		...["-o", target, resolve(import.meta.dirname, "rust", "token_check.rs")],
	])
}
