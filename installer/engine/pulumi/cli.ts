import {existsSync} from "node:fs"
import {join} from "node:path"
import pulumi from "@pulumi/pulumi/package.json" with {type: "json"}
import {gte, parse} from "semver"
import {AbortError, messageOf} from "../../abort.ts"
import {exit} from "../../exit.ts"
import type {Flags} from "../../flags.ts"
import {consent} from "../../flow/consent.ts"
import {progressOn} from "../../report/progress.ts"
import {onPath, probe} from "../../sandbox/bin/version-probe.ts"
import {step} from "../../sandbox/events.ts"
import {cacheRoot} from "../../sandbox/paths.ts"
import type {Session} from "../../session.ts"

/** The Automation API of this version asks for it. */
const least = "3.100.0"

/** Where the CLI is: undefined for the one on PATH, else its folder. */
type Cli = {readonly root?: string}

/** Finds the CLI, or offers to install it. @throws AbortError when it is not there and nobody wants it to be */
export async function pulumiCli(session: Session, flags: Flags): Promise<Cli> {
	const installed = await onPath("pulumi")
	const version = installed === undefined ? undefined : await probe(installed, ["version"])
	if (version !== undefined && gte(version, least)) return {}
	const root = join(cacheRoot(), "pulumi")
	if (existsSync(join(root, "bin", "pulumi"))) return {root}
	const wanted = pulumi.version
	const found =
		version === undefined
			? "is not on PATH"
			: `on PATH is ${version}, and ${least} is the oldest that will do`
	if (!session.asks && flags.yes !== true) throw missing(found)
	session.say(`The Pulumi CLI ${found}.`)
	await consent(session, flags, `Download Pulumi ${wanted} from get.pulumi.com into ${root}?`)
	await download(session, wanted, root)
	return {root}
}

async function download(session: Session, version: string, root: string): Promise<void> {
	const {PulumiCommand} = await import("@pulumi/pulumi/automation/index.js")
	const parsed = parse(version)
	try {
		await step(progressOn(session), "pulumi", `Get Pulumi ${version}`, () =>
			PulumiCommand.install({root, ...(parsed === null ? {} : {version: parsed as never})}),
		)
	} catch (error) {
		throw missing(`could not be downloaded: ${messageOf(error).split("\n")[0]}`)
	}
}

function missing(found: string): AbortError {
	return new AbortError("PulumiMissing", `the engine pulumi needs the Pulumi CLI, which ${found}`, {
		exit: exit.refused,
		tryMessage:
			"Install it with one of these, or leave --engine pulumi out: the engine manifests installs the same.",
		nextSteps: ["brew install pulumi/tap/pulumi", "curl -fsSL https://get.pulumi.com | sh"],
	})
}
