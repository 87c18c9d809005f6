import {readFile} from "node:fs/promises"
import {parse} from "yaml"
import {invalidInput, messageOf} from "../abort.ts"
import type {Flags} from "../flags.ts"
import {givenProfiles} from "../input/given.ts"
import type {Session} from "../session.ts"
import {withWishes} from "./answers.ts"
import type {Installation} from "./installation.ts"
import {emptyInstallation, installationOf} from "./installation.ts"

/**
 * What the command line asks for: the file alone, or what is installed already with the components that are named
 * beside it. @throws AbortError
 */
export async function wantedInstallation(
	session: Session,
	flags: Flags,
	{names, before}: {readonly names: readonly string[]; readonly before: Installation | undefined},
): Promise<Installation> {
	const release = flags.release ?? "heddle"
	const base = flags.file === undefined ? (before ?? emptyInstallation(release)) : await inFile(flags.file)
	const wished = withWishes(base, {names, settings: flags.set ?? []})
	const profiles = await givenProfiles(session, flags)
	const given = profiles.map(({metadata: {name, labels}, spec}) => ({
		name,
		...(labels === undefined ? {} : {labels}),
		spec: spec as unknown as Record<string, unknown>,
	}))
	const others = wished.spec.profiles.filter(({name}) => !given.some((one) => one.name === name))
	const spec = {...wished.spec, profiles: [...others, ...given]}
	if (Object.keys(spec.components).length + spec.profiles.length === 0)
		throw invalidInput("there is nothing to install", {
			tryMessage:
				"Name components, such as heddle install gateway-api istio-ambient operator, or give --file.",
		})
	return {...wished, metadata: {name: release}, spec}
}

async function inFile(file: string): Promise<Installation> {
	let text: string
	try {
		text = await readFile(file, "utf8")
	} catch (error) {
		throw invalidInput(`--file ${file} cannot be read: ${messageOf(error)}`)
	}
	try {
		return installationOf(parse(text), file)
	} catch (error) {
		if (error instanceof Error && error.name === "YAMLParseError")
			throw invalidInput(`${file} is malformed YAML: ${messageOf(error).split("\n")[0]}`)
		throw error
	}
}
