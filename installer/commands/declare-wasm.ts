import type {Command} from "commander"
import {Option} from "commander"
import type {ExitCode} from "../exit.ts"
import type {Flags} from "../flags.ts"
import type {Session} from "../session.ts"
import {parseDigest, parseHost} from "./values-wasm.ts"

type Run = (session: Session, flags: Flags) => Promise<ExitCode>
type Start = (flags: Flags, run: Run) => Promise<void>

/** The commands about Wasm modules. */
export function declareWasm(program: Command, start: Start): void {
	program
		.command("wasm")
		.description("modules that extend proxies")
		.command("inspect")
		.description(
			"say what a module is and which hosts would run it; it is compiled and initialised in a sandbox without files, network or clock",
		)
		.argument("<module>", "a file, https://…, or oci://registry/repository:tag")
		.addOption(
			new Option(
				"--host <name[@version]>",
				"a host that has to accept it; may be repeated (default: all to which Heddle brings modules)",
			).argParser(parseHost),
		)
		.addOption(
			new Option(
				"--sha256 <hex>",
				"the digest that it has to have: of the image's manifest for oci://, else of the module",
			).argParser(parseDigest),
		)
		.option("--plain-http", "without TLS, for a registry of your own")
		.action(function (this: Command, module: string) {
			return start(this.optsWithGlobals(), async (session, flags) =>
				(await import("./wasm.ts")).wasmInspect(session, flags, module),
			)
		})
}
