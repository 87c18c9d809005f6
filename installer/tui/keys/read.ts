import type {Key} from "ink"
import type {KeyName} from "./map.ts"

const named = [
	["upArrow", "up"],
	["downArrow", "down"],
	["leftArrow", "left"],
	["rightArrow", "right"],
	["pageUp", "pageup"],
	["pageDown", "pagedown"],
	["home", "home"],
	["end", "end"],
	["return", "enter"],
	["escape", "escape"],
	["tab", "tab"],
	["backspace", "backspace"],
	["delete", "backspace"],
] as const satisfies readonly (readonly [keyof Key, KeyName])[]

/** Keys that come as characters when several were typed before the terminal was read. */
const characters: Readonly<Record<string, KeyName>> = {
	" ": "space",
	"\r": "enter",
	"\n": "enter",
	"\t": "tab",
	"\u007f": "backspace",
	"\b": "backspace",
	"\u0003": "ctrl+c",
}

/**
 * The keys of what Ink read. Several come at once when a person types faster than the terminal is read:
 * each counts.
 */
export function keysOf(input: string, key: Key): readonly KeyName[] {
	if (key.eventType === "release") return []
	const name = named.find(([flag]) => key[flag] === true)?.[1]
	if (name !== undefined) return [name]
	if (key.ctrl) return input === "" ? [] : [`ctrl+${input.toLowerCase()}`]
	const typed = [...input].map((character) => characters[character] ?? character)
	// Esc and a key right after it look like Alt with that key; nothing here is on Alt.
	return key.meta && typed.length > 0 ? ["escape", ...typed] : typed
}

/** The text that a key stands for while text is typed; empty for keys that are none. */
export function textOf(key: KeyName): string {
	if (key === "space") return " "
	return [...key].length === 1 && key >= " " ? key : ""
}
