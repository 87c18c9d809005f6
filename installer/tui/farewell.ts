import {plural} from "../../profiles/names.ts"
import type {Page} from "../report/layout.ts"
import {paragraph} from "../report/layout.ts"
import {standingOf} from "./model/board.ts"
import {clusterFlags} from "./model/commands.ts"
import type {State} from "./model/state.ts"

/** What stays on the terminal after the screen is gone: what goes on without us, and how to come back to it. */
export function farewell(state: State, page: Page): string {
	const moving = state.board.bindings.map(standingOf).filter(({running}) => running)
	const flags = clusterFlags(state)
	const unsaved = state.deeds.filter(({file}) => file !== undefined && !file.saved)
	const stopped = state.job?.state === "failed" && state.leaving ? state.job : undefined
	return [
		...(moving.length === 0
			? []
			: [
					...paragraph(
						{text: "↻", tone: "accent"},
						{text: `${plural(moving.length, "migration")} under way: the operator goes on by itself.`},
						page,
					),
					...commandLine(`heddle status --watch${flags}`, page),
				]),
		...(stopped === undefined
			? []
			: [
					...paragraph({text: "‖", tone: "warn"}, {text: `${stopped.title} was stopped. To go on:`}, page),
					...commandLine(`heddle ${stopped.command}`, page),
				]),
		...unsaved.flatMap(({what, command}) => [
			...paragraph({text: "✓", tone: "ok"}, {text: `${what}. The same again:`}, page),
			...commandLine(`${command}${flags}`, page),
		]),
	].join("\n")
}

const commandLine = (command: string, page: Page) =>
	paragraph({text: "$", tone: "dim"}, {text: command, tone: "accent"}, page, 3)
