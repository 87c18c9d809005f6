import {parse} from "yaml"
import {invalidInput} from "../abort.ts"
import {type ComponentName, componentNames, isComponentName} from "./component-names.ts"
import type {Installation} from "./installation.ts"
import type {Args} from "./recipes.ts"

/** One `--set component.argument=value`. */
type Setting = {readonly component: ComponentName; readonly key: string; readonly value: unknown}

/** Component names of the command line. @throws AbortError naming those that there are */
export function namedComponents(names: readonly string[]): ComponentName[] {
	return names.map((name) => {
		if (isComponentName(name)) return name
		throw invalidInput(`there is no component ${name}`, {
			tryMessage: `Choose among ${componentNames.join(", ")}.`,
		})
	})
}

/** @throws AbortError */
function settingOf(text: string): Setting {
	const [, component = "", key = "", value = ""] = /^([^.=]+)\.([A-Za-z]+)=(.*)$/s.exec(text) ?? []
	if (!isComponentName(component) || key === "") {
		throw invalidInput(`--set ${text} sets nothing`, {
			tryMessage: `Write --set COMPONENT.ARGUMENT=VALUE, such as --set istio-ambient.revision=1-31-1; components are ${componentNames.join(", ")}.`,
		})
	}
	return {component, key, value: scalar(value)}
}

/** Versions stay text, whatever they look like; numbers, booleans and lists are what YAML makes of them. */
function scalar(text: string): unknown {
	if (/^\d+\.\d/.test(text) || text === "") return text
	return parse(text) as unknown
}

type Wish = {
	readonly names: readonly string[]
	readonly settings: readonly string[]
}

/** An installation with more components, and others set anew. @throws AbortError */
export function withWishes(installation: Installation, {names, settings}: Wish): Installation {
	const chosen: Partial<Record<ComponentName, Args>> = {...installation.spec.components}
	for (const name of namedComponents(names)) chosen[name] ??= {}
	for (const {component, key, value} of settings.map(settingOf)) {
		if (chosen[component] === undefined)
			throw invalidInput(`--set ${component}.${key}: ${component} is not to be installed`, {
				tryMessage: `Name it too: heddle install ${component}.`,
			})
		chosen[component] = {...chosen[component], [key]: value}
	}
	return {...installation, spec: {...installation.spec, components: chosen}}
}

/** What stays; undefined when that is nothing, and the record goes too. @throws AbortError when one is not installed */
export function withoutComponents(
	installation: Installation,
	names: readonly string[],
): Installation | undefined {
	const chosen = {...installation.spec.components}
	for (const name of namedComponents(names)) {
		if (chosen[name] === undefined)
			throw invalidInput(`${name} is not part of the release ${installation.metadata.name}`, {
				tryMessage: `It has ${Object.keys(chosen).join(", ") || "nothing"}.`,
			})
		delete chosen[name]
	}
	if (Object.keys(chosen).length + installation.spec.profiles.length === 0) return undefined
	return {...installation, spec: {...installation.spec, components: chosen}}
}
