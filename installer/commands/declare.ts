import type {Command} from "commander"
import {Option} from "commander"
import type {ExitCode} from "../exit.ts"
import type {Flags} from "../flags.ts"
import type {Output, Session} from "../session.ts"
import {declareInstallers} from "./declare-install.ts"
import {declareShells} from "./declare-shells.ts"
import {declareWasm} from "./declare-wasm.ts"
import {parseCode, parseNamespace, parseNamespaces, wholeNumber} from "./values.ts"

type Run = (session: Session, flags: Flags) => Promise<ExitCode>
/** `formats`: what it prints beyond text, JSON and YAML. */
type Start = (flags: Flags, run: Run, formats?: readonly Output[]) => Promise<void>

const ciFormats = ["sarif", "junit"] as const

const list = (text: string, before: readonly string[] = []) => [...before, text]
const several = (flags: string, description: string) => new Option(flags, description).argParser(list)

const options = {
	fromFiles: () =>
		new Option(
			"-f, --from-files <path...>",
			"read objects from files, folders and archives (.yaml, .yml, .json, .tar, .tar.gz), - for standard input, instead of a cluster",
		),
	profile: () => several("--profile <file>", "a file with a MeshProfile to plan for; may be repeated"),
	allNamespaces: () => new Option("-A, --all-namespaces", "also the namespaces that no profile selects"),
	accept: () =>
		new Option("--accept <code>", "accept a risk by the code of its reason; may be repeated").argParser(
			parseCode,
		),
	wasmProof: () =>
		several("--wasm-proof <file>", "what `heddle wasm inspect -o json` said of a module; may be repeated"),
	yes: () => new Option("-y, --yes", "do not ask for consent"),
	dryRun: () => new Option("--dry-run", "let the API server check everything and change nothing"),
}

/** Declares every command; what one runs is imported when it runs, so that help and errors stay fast. */
export function declareCommands(program: Command, start: Start): void {
	declareKnowledge(program, start)
	declareReaders(program, start)
	declareWriters(program, start)
	declareStops(program, start)
	declareInstallers(program, start)
	declareWasm(program, start)
	declareOperator(program, start)
	declareSandbox(program, start)
	declareShells(program, start)
	program
		.command("version")
		.description("print the version of heddle and of its API")
		.action(function (this: Command) {
			return start(this.optsWithGlobals(), async (session) => (await import("./version.ts")).version(session))
		})
}

function declareKnowledge(program: Command, start: Start): void {
	program
		.command("check")
		.description(
			"look whether a cluster, or the files of one, can do what Heddle asks of it; changes nothing",
		)
		.addOption(options.fromFiles())
		.addOption(options.profile())
		.option("--strict", "let warnings fail as well")
		.action(function (this: Command) {
			return start(
				this.optsWithGlobals(),
				async (session, flags) => (await import("./check.ts")).check(session, flags),
				ciFormats,
			)
		})
	program
		.command("capabilities")
		.description("show what each dataplane carries, in which version, and who says so")
		.argument("[name]", "only this dataplane, or only this feature, with notes and sources")
		.action(function (this: Command, name: string | undefined) {
			return start(
				this.optsWithGlobals(),
				async (session, flags) => (await import("./capabilities.ts")).capabilities(session, flags, name),
				["markdown"],
			)
		})
}

function declareReaders(program: Command, start: Start): void {
	program
		.command("plan")
		.description("show, namespace by namespace, where it is, where it would go, and why; changes nothing")
		.addOption(options.fromFiles())
		.addOption(options.profile())
		.addOption(options.allNamespaces())
		.addOption(options.accept())
		.addOption(options.wasmProof())
		.action(function (this: Command) {
			return start(
				this.optsWithGlobals(),
				async (session, flags) => (await import("./plan.ts")).plan(session, flags),
				ciFormats,
			)
		})
	program
		.command("explain")
		.description("show everything about the plan of one namespace")
		.argument("<namespace>", "the namespace", parseNamespace)
		.addOption(options.fromFiles())
		.addOption(options.profile())
		.addOption(options.accept())
		.addOption(options.wasmProof())
		.action(function (this: Command, namespace: string) {
			return start(
				this.optsWithGlobals(),
				async (session, flags) => (await import("./explain.ts")).explain(session, flags, namespace),
				ciFormats,
			)
		})
	program
		.command("status")
		.description("show what the operator found and what it is doing")
		.argument("[namespace]", "only this namespace", parseNamespace)
		.option("-w, --watch", "go on until interrupted")
		.action(function (this: Command, namespace: string | undefined) {
			return start(this.optsWithGlobals(), async (session, flags) =>
				(await import("./status.ts")).status(session, flags, namespace),
			)
		})
}

function declareWriters(program: Command, start: Start): void {
	program
		.command("apply")
		.description("write MeshProfiles to the cluster, after showing what they would do")
		.addOption(options.fromFiles())
		.addOption(options.profile())
		.addOption(options.wasmProof())
		.addOption(options.yes())
		.addOption(options.dryRun())
		.action(function (this: Command) {
			return start(this.optsWithGlobals(), async (session, flags) =>
				(await import("./apply.ts")).apply(session, flags),
			)
		})
	program
		.command("migrate")
		.description("plan, ask for consent, and move namespaces while showing how it goes")
		.argument("[namespace...]", "the namespaces; without any, all that the profiles select", parseNamespaces)
		.addOption(options.profile())
		.addOption(options.accept())
		.addOption(options.wasmProof())
		.addOption(options.yes())
		.addOption(options.dryRun())
		.action(function (this: Command, namespaces: readonly string[] = []) {
			return start(this.optsWithGlobals(), async (session, flags) =>
				(await import("./migrate.ts")).migrate(session, flags, namespaces),
			)
		})
	program
		.command("rollback")
		.description("return namespaces to where they were before their last migration")
		.argument("<namespace...>", "the namespaces", parseNamespaces)
		.addOption(options.yes())
		.addOption(options.dryRun())
		.action(function (this: Command, namespaces: readonly string[]) {
			return start(this.optsWithGlobals(), async (session, flags) =>
				(await import("./rollback.ts")).rollback(session, flags, namespaces),
			)
		})
}

function declareStops(program: Command, start: Start): void {
	const profile = () =>
		several("--profile <name>", "a MeshProfile of the cluster, for all its namespaces; may be repeated")
	const stops = [
		["pause", "let nothing new start; a workload that is already rolling finishes", true],
		["resume", "go on where pause has stopped", false],
	] as const
	for (const [name, description, stop] of stops) {
		program
			.command(name)
			.description(description)
			.argument("[namespace...]", "the namespaces", parseNamespaces)
			.addOption(profile())
			.addOption(options.dryRun())
			.action(function (this: Command, namespaces: readonly string[] = []) {
				return start(this.optsWithGlobals(), async (session, flags) =>
					(await import("./stop.ts")).setStop(session, flags, {namespaces, stop}),
				)
			})
	}
}

function declareOperator(program: Command, start: Start): void {
	program
		.command("operator")
		.description("run the operator, in a cluster or beside it")
		.option(
			"--leader-elect",
			"run only while holding the Lease, so that several can stand by (default)",
			true,
		)
		.option("--no-leader-elect", "run without a Lease; never beside another operator")
		.addOption(
			new Option("-n, --namespace <name>", "the namespace of the Lease")
				.default("heddle-system")
				.argParser(parseNamespace),
		)
		.option("--health-address <host:port>", "where /healthz, /readyz and /metrics are served")
		.option("--install-crds", "install or update the CRDs first")
		.addOption(
			new Option("--max-concurrent <n>", "namespaces that are worked on at the same time").argParser(
				wholeNumber(1, 1000),
			),
		)
		.addOption(
			new Option(
				"--pod-changes-per-second <n>",
				"pods that may be replaced per second, of all namespaces together (default: 20)",
			).argParser(wholeNumber(1, 10_000)),
		)
		.action(function (this: Command) {
			return start(this.optsWithGlobals(), async (session, flags) =>
				(await import("./operator.ts")).operator(session, flags),
			)
		})
}

function declareSandbox(program: Command, start: Start): void {
	const sandbox = program
		.command("sandbox")
		.description("a throw-away Kubernetes on this machine, with a real control plane and a real istiod")
	const name = () => new Option("--name <name>", "one of several sandboxes").default("default")
	sandbox
		.command("up")
		.description("start it, or finish starting it")
		.addOption(name())
		.addOption(
			new Option("--size <size>", "simulated nodes, or one real node (Linux, root)")
				.choices(["kwok", "node"])
				.default("kwok"),
		)
		.addOption(new Option("--nodes <n>", "simulated nodes (default: 3)").argParser(wholeNumber(1, 1000)))
		.addOption(
			new Option("--mesh <mesh>", "the control plane to run").choices(["istio", "none"]).default("istio"),
		)
		.option("--operator", "run Heddle's operator beside it, with its CRDs")
		.action(function (this: Command) {
			return start(this.optsWithGlobals(), async (session, flags) =>
				(await import("./sandbox.ts")).up(session, flags),
			)
		})
	sandbox
		.command("down")
		.description("stop it and remove all that it left")
		.addOption(name())
		.action(function (this: Command) {
			return start(this.optsWithGlobals(), async (session, flags) =>
				(await import("./sandbox.ts")).down(session, flags),
			)
		})
	sandbox
		.command("status")
		.description("show what runs")
		.addOption(name())
		.action(function (this: Command) {
			return start(this.optsWithGlobals(), async (session, flags) =>
				(await import("./sandbox.ts")).sandboxStatus(session, flags),
			)
		})
}
