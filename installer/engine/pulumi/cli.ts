import {createHash} from "node:crypto"
import {join} from "node:path"
import pulumi from "@pulumi/pulumi/package.json" with {type: "json"}
import {parse} from "semver"
import {AbortError, messageOf} from "../../abort.ts"
import {exit} from "../../exit.ts"
import type {Flags} from "../../flags.ts"
import {consent} from "../../flow/consent.ts"
import {progressOn} from "../../report/progress.ts"
import {binary} from "../../sandbox/bin/catalogue.ts"
import {find, resolve} from "../../sandbox/bin/resolve.ts"
import {onPath} from "../../sandbox/bin/version-probe.ts"
import {step} from "../../sandbox/events.ts"
import {cacheRoot} from "../../sandbox/paths.ts"
import type {Session} from "../../session.ts"
import {link} from "./link.ts"

const cli = binary("pulumi")

/** Where Pulumi's own installer puts the CLI for Heddle alone. */
const downloaded = () => join(cacheRoot(), "pulumi")

/**
 * A folder whose `bin` holds the Pulumi CLI: mine, installed, or had. Offers to fetch one that is not there.
 * @throws AbortError when nobody wants it to be fetched
 */
export async function pulumiCli(session: Session, flags: Flags): Promise<string> {
	const found = await find(cli, {onEvent: progressOn(session), signal: session.signal})
	const path = found?.path ?? (await onPath(cli.name, join(downloaded(), "bin")))
	return await folderOf(path ?? (await obtained(session, flags)))
}

async function obtained(session: Session, flags: Flags): Promise<string> {
	const here = await onPath(cli.name)
	const found = here === undefined ? "is not on PATH" : `on PATH is too old: ${cli.accept} will do`
	if (!session.asks && flags.yes !== true) throw missing(found)
	session.say(`The Pulumi CLI ${found}.`)
	const question = `Fetch Pulumi ${pulumi.version} from get.pulumi.com, or build ${cli.version} from its Go module where that cannot be reached?`
	await consent(session, flags, question)
	try {
		return await download(session)
	} catch (error) {
		return await build(session, error)
	}
}

async function download(session: Session): Promise<string> {
	if (process.env.HEDDLE_OFFLINE === "1") throw new Error("downloads are off (HEDDLE_OFFLINE=1)")
	const {PulumiCommand} = await import("@pulumi/pulumi/automation/index.js")
	const {version} = pulumi
	await step(progressOn(session), "pulumi", `Get Pulumi ${version}`, () =>
		PulumiCommand.install({root: downloaded(), version: parse(version) as never}),
	)
	return join(downloaded(), "bin", "pulumi")
}

async function build(session: Session, why: unknown): Promise<string> {
	try {
		return (await resolve(cli, {onEvent: progressOn(session), signal: session.signal})).path
	} catch (error) {
		session.signal.throwIfAborted()
		const lines = [why, error].map((one) => messageOf(one).split("\n")[0])
		throw missing(`could be neither downloaded (${lines[0]}) nor built (${lines[1]})`)
	}
}

/** For Pulumi's Automation API, which knows the CLI by the folder above its `bin`. */
async function folderOf(path: string): Promise<string> {
	const name = createHash("sha256").update(path).digest("hex").slice(0, 12)
	const root = join(cacheRoot(), "pulumi-tools", name)
	await link(path, join(root, "bin", cli.name))
	return root
}

function missing(found: string): AbortError {
	return new AbortError("PulumiMissing", `the engine pulumi needs the Pulumi CLI, which ${found}`, {
		exit: exit.refused,
		tryMessage:
			"Install it with one of these, or leave --engine pulumi out: the engine manifests installs the same.",
		nextSteps: ["brew install pulumi/tap/pulumi", "curl -fsSL https://get.pulumi.com | sh"],
	})
}
