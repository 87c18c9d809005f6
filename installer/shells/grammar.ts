import type {Argument, Command, Option} from "commander"
import type {Asked} from "./asked.ts"

/** What may stand where a value is wanted. `ask` is answered by `heddle __complete` at the time of the question. */
export type Fill =
	| {readonly from: "choices"; readonly choices: readonly string[]}
	| {readonly from: "files" | "folders" | "nothing"}
	| {readonly from: "ask"; readonly ask: Asked}

export type Flag = {
	/** With its dashes. */
	readonly long: string
	readonly short?: string
	/** What stands for its value in usage, such as `<file>`; absent when it takes none. */
	readonly value?: string
	/** It takes all words up to the next flag. */
	readonly variadic: boolean
	readonly description: string
	/** As a person would write it. */
	readonly standard?: string
	/** The variable of the environment that it is read from when left out. */
	readonly env?: string
	readonly fill: Fill
}

export type Place = {
	/** With its brackets, such as `[namespace...]`. */
	readonly usage: string
	readonly variadic: boolean
	readonly description: string
	readonly fill: Fill
}

/** One command, with what only it takes. The root's flags hold for every command. */
export type Grammar = {
	/** Words after the program's name; empty for the root. */
	readonly path: readonly string[]
	readonly description: string
	readonly flags: readonly Flag[]
	readonly places: readonly Place[]
	readonly commands: readonly Grammar[]
}

/** The language of the command line as plain data: completion, the manual page and the reference are made of it. */
export function grammarOf(command: Command, path: readonly string[] = []): Grammar {
	const helper = command.createHelp()
	// The help is every command's, and stands with what all share.
	const own = ({long}: Option) => path.length === 0 || long !== "--help"
	return {
		path,
		description: command.description(),
		flags: helper.visibleOptions(command).filter(own).map(flagOf),
		places: command.registeredArguments.map((argument) => placeOf(argument, path)),
		commands: helper
			.visibleCommands(command)
			.filter((one) => one.name() !== "help")
			.map((one) => grammarOf(one, [...path, one.name()])),
	}
}

/** Every command and group, the root first. */
export const allOf = (grammar: Grammar): readonly Grammar[] => [grammar, ...grammar.commands.flatMap(allOf)]

function flagOf(option: Option): Flag {
	const value = /[<[].+[>\]]/.exec(option.flags)?.[0]
	const standard = option.defaultValueDescription ?? standardOf(option.defaultValue)
	return {
		long: option.long ?? option.flags,
		...(option.short === undefined ? {} : {short: option.short}),
		...(value === undefined ? {} : {value}),
		variadic: option.variadic,
		description: option.description,
		...(standard === undefined || value === undefined ? {} : {standard}),
		...(option.envVar === undefined ? {} : {env: option.envVar}),
		fill: value === undefined ? {from: "nothing"} : fillOf(option.long ?? "", value, option.argChoices),
	}
}

const standardOf = (value: unknown): string | undefined =>
	typeof value === "string" || typeof value === "number" ? String(value) : undefined

function placeOf(argument: Argument, path: readonly string[]): Place {
	const name = `${argument.name()}${argument.variadic ? "..." : ""}`
	return {
		usage: argument.required ? `<${name}>` : `[${name}]`,
		variadic: argument.variadic,
		description: argument.description,
		fill: fillOf(path.join(" "), argument.name(), argument.argChoices),
	}
}

const ask = (what: Asked): Fill => ({from: "ask", ask: what})

/** By the flag or the command, where its placeholder alone does not tell. */
const byOwner: Readonly<Record<string, Fill>> = {
	"--context": ask("contexts"),
	"--namespace": ask("namespaces"),
	"--name": ask("sandboxes"),
	capabilities: ask("capabilities"),
}

const byPlaceholder: Readonly<Record<string, Fill>> = {
	file: {from: "files"},
	path: {from: "files"},
	module: {from: "files"},
	folder: {from: "folders"},
	namespace: ask("namespaces"),
	component: ask("components"),
	code: ask("codes"),
}

function fillOf(owner: string, placeholder: string, choices: readonly string[] | undefined): Fill {
	if (choices !== undefined) return {from: "choices", choices}
	const bare = placeholder.replace(/[<>[\].]/g, "")
	return byOwner[owner] ?? byPlaceholder[bare] ?? {from: "nothing"}
}
