import type {Command} from "commander"
import {Option} from "commander"
import type {ExitCode} from "../exit.ts"
import type {Flags} from "../flags.ts"
import type {Session} from "../session.ts"
import {parseDuration} from "./values.ts"

type Run = (session: Session, flags: Flags) => Promise<ExitCode>
type Start = (flags: Flags, run: Run) => Promise<void>

const list = (text: string, before: readonly string[] = []) => [...before, text]

const options = {
	release: () => new Option("--release <name>", "the name of what is installed together").default("heddle"),
	file: () => new Option("--file <file>", "an Installation: all that is to be there, and nothing else"),
	set: () =>
		new Option("--set <component.argument=value>", "an argument of a component; may be repeated").argParser(
			list,
		),
	profile: () =>
		new Option("--profile <file>", "a MeshProfile that belongs to it; may be repeated").argParser(list),
	chartDir: () =>
		new Option("--chart-dir <folder>", "take charts from this folder and from nowhere else").env(
			"HEDDLE_CHART_DIR",
		),
	engine: () =>
		new Option("--engine <engine>", "what carries it out")
			.choices(["manifests", "pulumi"])
			.default("manifests"),
	backend: () => new Option("--backend <url>", "where Pulumi keeps its state; a local folder when left out"),
	yes: () => new Option("-y, --yes", "do not ask for consent"),
	dryRun: () => new Option("--dry-run", "let the API server check everything and change nothing"),
	adopt: () => new Option("--adopt", "take over what another tool has installed"),
	keepCrds: () => new Option("--keep-crds", "leave CRDs that still have objects, with these objects"),
	waitForLock: () =>
		new Option("--wait-for-lock <duration>", "how long to wait for another install of the same release")
			.default(30_000, "30s")
			.argParser(parseDuration),
}

const components =
	"gateway-api, istio-sidecar, istio-ambient, linkerd, cilium, kmesh, envoy-gateway, dapr, wasm-runtime, operator"

function writing(command: Command): Command {
	return command
		.addOption(options.release())
		.addOption(options.engine())
		.addOption(options.backend())
		.addOption(options.chartDir())
		.addOption(options.keepCrds())
		.addOption(options.waitForLock())
		.addOption(options.yes())
		.addOption(options.dryRun())
}

/** Declares what installs, and what renders the same for git. */
export function declareInstallers(program: Command, start: Start): void {
	program
		.command("render")
		.description("print what would be installed as YAML, in order and always the same, for git")
		.argument("[component...]", components)
		.addOption(options.file())
		.addOption(options.set())
		.addOption(options.profile())
		.addOption(options.release())
		.addOption(options.chartDir())
		.option("--out <folder>", "write a file for each component and stage, with a kustomization.yaml")
		.action(function (this: Command, names: readonly string[]) {
			return start(this.optsWithGlobals(), async (session, flags) =>
				(await import("./render.ts")).render(session, flags, names),
			)
		})
	writing(program.command("install"))
		.description("install components, after showing what would change; what is installed already stays")
		.argument("[component...]", components)
		.addOption(options.file())
		.addOption(options.set())
		.addOption(options.profile())
		.addOption(options.adopt())
		.action(function (this: Command, names: readonly string[]) {
			return start(this.optsWithGlobals(), async (session, flags) =>
				(await import("./install.ts")).install(session, flags, names),
			)
		})
	writing(program.command("upgrade"))
		.description("bring what is installed to newer versions; old revisions stay until no pod uses them")
		.argument("[component...]", "only these")
		.option("--to <version>", "the version of the one component that is named")
		.action(function (this: Command, names: readonly string[]) {
			return start(this.optsWithGlobals(), async (session, flags) =>
				(await import("./upgrade.ts")).upgrade(session, flags, names),
			)
		})
	writing(program.command("uninstall"))
		.description("remove what is installed, unless pods depend on it, and prove that nothing is left")
		.argument("[component...]", "only these")
		.action(function (this: Command, names: readonly string[]) {
			return start(this.optsWithGlobals(), async (session, flags) =>
				(await import("./uninstall.ts")).uninstall(session, flags, names),
			)
		})
}
