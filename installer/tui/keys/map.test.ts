import type {Key} from "ink"
import {expect, test} from "vitest"
import {screens} from "../model/state.ts"
import {actionOf, bindingsOn, keyMap} from "./map.ts"
import {keysOf, textOf} from "./read.ts"

test.each(screens)("on the screen %s no key means two things", (screen) => {
	const keys = bindingsOn(screen).flatMap((binding) => binding.keys)
	expect(keys).toHaveLength(new Set(keys).size)
})

test.each(screens)("from the screen %s there is a way back, help and a way out", (screen) => {
	expect([
		actionOf(screen, "escape"),
		actionOf(screen, "?"),
		actionOf(screen, "q"),
		actionOf(screen, "ctrl+c"),
	]).toEqual(["back", "help", "quit", "interrupt"])
})

test("every key has a sentence for the help", () => {
	for (const {help, label} of keyMap) expect([help.endsWith("."), label.length > 1]).toEqual([true, true])
})

const none = {} as Key
test.each([
	["j", none, ["j"]],
	["", {upArrow: true}, ["up"]],
	["\r", {return: true}, ["enter"]],
	["c", {ctrl: true}, ["ctrl+c"]],
	[" ", none, ["space"]],
	["jjj", none, ["j", "j", "j"]],
	["ca\r\u007f", none, ["c", "a", "enter", "backspace"]],
	["x", {meta: true}, ["escape", "x"]],
	["", {meta: true}, []],
	["j", {eventType: "release"}, []],
] as const)("Ink's %j with %j reads as %j", (input, key, names) => {
	expect(keysOf(input, key as Key)).toEqual(names)
})

test.each([
	["a", "a"],
	["space", " "],
	["enter", ""],
	["ctrl+u", ""],
	["ä", "ä"],
])("the key %s types %j", (key, text) => {
	expect(textOf(key)).toBe(text)
})
