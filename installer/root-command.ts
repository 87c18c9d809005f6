import {Command, Option} from "commander"
import {parseDuration} from "./commands/values.ts"
import {exitHelp} from "./exit.ts"
import {outputs} from "./session.ts"

/** `kubectl-heddle`, as kubectl finds its plugins, is the same program under another name. */
export const nameOf = (file: string | undefined): string =>
	/(?:^|[/\\])kubectl-heddle(?:\.\w+)?$/.test(file ?? "") ? "kubectl heddle" : "heddle"

/** The program with what all commands share, and no command yet. */
export function rootCommand(name: string): Command {
	return new Command(name)
		.description(
			"Decides, namespace by namespace, which dataplane carries the traffic, and moves running workloads between them without losing a request or an access rule.",
		)
		.addOption(
			new Option("-o, --output <format>", "how to print the result").choices(outputs).default("text"),
		)
		.option("--context <name>", "the context of the kubeconfig to use")
		.option("--kubeconfig <file>", "the kubeconfig to use instead of $KUBECONFIG or ~/.kube/config")
		.addOption(
			new Option(
				"--timeout <duration>",
				"give up after this long, such as 90s or 10m (exit code 5)",
			).argParser(parseDuration),
		)
		.option("--no-input", "never ask; what would be asked is an error")
		.option("--no-color", "no colour, also when the terminal has it")
		.option("--version", "print the version")
		.helpOption("-h, --help", "print this help")
		.addHelpText("after", `\n${exitHelp}`)
}
