import {plural} from "../../../profiles/names.ts"
import type {Page} from "../../report/layout.ts"
import {widthOf} from "../../report/width.ts"
import {bindingsOn, keyLabel} from "../keys/map.ts"
import {commandOf} from "../model/commands.ts"
import type {Extent, ScreenName, State} from "../model/state.ts"
import {boardView} from "./board.ts"
import type {Body, Canvas, View} from "./body.ts"
import {dataplanesView} from "./dataplanes.ts"
import {detailView} from "./detail.ts"
import {diffView} from "./diff.ts"
import {discoveryView} from "./discovery.ts"
import {helpView} from "./help.ts"
import {installView} from "./install.ts"
import {moduleView} from "./module.ts"
import {modulesView} from "./modules.ts"
import {namespacesView} from "./namespaces.ts"
import {filled, type Piece, paint, rule, spread} from "./paint.ts"
import {planView} from "./plan.ts"
import {summaryView} from "./summary.ts"
import {hasTalk, talkLines} from "./talk.ts"
import {welcomeView} from "./welcome.ts"

export type Size = {readonly columns: number; readonly rows: number}
export type Frame = {readonly lines: readonly string[]; readonly extent: Extent}

const views: Readonly<Record<ScreenName, View>> = {
	welcome: welcomeView,
	discovery: discoveryView,
	namespaces: namespacesView,
	detail: detailView,
	plan: planView,
	diff: diffView,
	board: boardView,
	dataplanes: dataplanesView,
	install: installView,
	modules: modulesView,
	module: moduleView,
	summary: summaryView,
}

/** What stands between the head and the foot. */
export const bodyOf = (state: State, canvas: Canvas): Body =>
	(state.help ? helpView : views[state.screen])(state, canvas)

/** With fewer rows than this the rules and blank lines go. */
const airyRows = 18

/** The whole screen: exactly so many lines, each no wider than the terminal. */
export function frameOf(
	state: State,
	{columns, rows}: Size,
	{style, frame}: Pick<Page, "style"> & {frame: number},
): Frame {
	const page = {columns, style}
	const airy = rows >= airyRows
	const head = [headerLine(state, page), ...(airy ? [tabsLine(state, page), rule(page)] : [])]
	const command = commandOf(state)
	// While something is asked, its answers are the only keys.
	const keys = state.prompt === undefined ? [keysLine(state, page)] : []
	const talk = hasTalk(state) ? talkLines(state, page) : undefined
	const said = talk?.length ?? (airy ? 1 : 0)
	const room = Math.max(1, rows - head.length - said - keys.length - (airy ? 2 : 1))
	const {lines, extent, status = ""} = bodyOf(state, {...page, room, frame})
	const told =
		command === undefined
			? ""
			: paint(
					[
						{text: " $ ", tone: "dim"},
						{text: command, tone: "dim"},
					],
					page,
				)
	const where = paint([{text: ` ${status}`, tone: "dim"}], page)
	const foot = [...(airy ? [rule(page)] : []), ...(talk ?? (airy ? [where] : [])), ...keys, told]
	return {lines: filled([...head, ...filled(lines, room), ...foot], rows), extent}
}

function headerLine({cluster, link, planes}: State, page: Page): string {
	const help = " ? help "
	if (cluster === undefined)
		return spread([{text: " heddle", tone: "accent"}], [{text: help, tone: "dim"}], page)
	const lost = link.state === "lost"
	const used = " heddle  ● ".length + widthOf(cluster.context) + help.length
	return spread(
		[
			{text: " heddle", tone: "accent"},
			lost ? {text: "  ✕ ", tone: "bad"} : {text: "  ● ", tone: "ok"},
			{text: cluster.context, tone: "strong"},
			{text: fitting(factsOf(cluster, planes), page.columns - used), tone: "dim"},
		],
		[{text: help, tone: "dim"}],
		page,
	)
}

/** As many facts as fit whole. */
function fitting(facts: readonly string[], room: number): string {
	return facts.reduce((line, fact) => {
		const longer = `${line} · ${fact}`
		return widthOf(longer) <= room ? longer : line
	}, "")
}

function factsOf(
	{version, nodes}: NonNullable<State["cluster"]>,
	planes: State["planes"],
): readonly string[] {
	return [
		...(version === undefined ? [] : [`Kubernetes ${version.replace(/^v/, "")}`]),
		...(nodes === undefined ? [] : [plural(nodes, "node")]),
		...planeWords(planes),
	]
}

/** `istio 1.31.0 (sidecar, ambient)`: dataplanes of one product and version are told together. */
function planeWords(planes: State["planes"]): readonly string[] {
	const installed = planes.filter(({revision, family}) => revision !== undefined && family !== "None")
	const products = Map.groupBy(installed, ({name, version}) =>
		`${name.split("-")[0]} ${version ?? ""}`.trim(),
	)
	return [...products].map(([product, members]) => {
		const parts = [...new Set(members.flatMap(({name}) => name.split("-").slice(1).join("-") || []))]
		return parts.length === 0 ? product : `${product} (${parts.join(", ")})`
	})
}

const tabs: readonly (readonly [ScreenName, string])[] = [
	["namespaces", "Namespaces"],
	["dataplanes", "Dataplanes"],
	["board", "Migrations"],
	["modules", "Modules"],
	["summary", "Summary"],
]

const titles: Readonly<Partial<Record<ScreenName, (state: State) => string>>> = {
	welcome: () => "Welcome",
	discovery: () => "Looking around",
	detail: ({detail}) => detail?.namespace ?? "",
	plan: () => "Plan",
	diff: () => "Plan › YAML diff",
	install: ({job}) => job?.title ?? "",
	module: ({asked}) => asked?.name ?? asked?.url ?? "",
}

/** The screens that numbers open, and above them where one is. */
function tabsLine(state: State, page: Page): string {
	const title = titles[state.screen]?.(state)
	if (state.cluster === undefined || state.screen === "discovery")
		return paint([{text: ` ${title ?? ""}`, tone: "strong"}], page)
	const home = tabs.some(([name]) => name === state.screen)
		? state.screen
		: (state.trail.findLast((name) => tabs.some(([tab]) => tab === name)) ?? "namespaces")
	const shown = tabs.flatMap(([name, label], index): Piece[] => [
		{text: ` ${index + 1} `, tone: "dim"},
		name === home
			? {text: label, tone: "strong"}
			: {text: page.columns < 64 ? label.slice(0, 4) : label, tone: "dim"},
		" ",
	])
	return paint(
		[
			...shown,
			...(title === undefined
				? []
				: [{text: " › ", tone: "dim"} as const, {text: title, tone: "strong"} as const]),
		],
		page,
	)
}

/** As many keys as fit, the most useful first. */
function keysLine(state: State, page: Page): string {
	let used = 0
	const shown = bindingsOn(state.screen)
		.filter(({foot = false}) => (typeof foot === "function" ? foot(state) : foot))
		.flatMap(({keys: [key = ""], label}): Piece[] => {
			const name = keyLabel(key)
			const width = name.length + label.length + 3
			if (used + width > page.columns) return []
			used += width
			return [
				{text: ` ${name}`, tone: "accent"},
				{text: ` ${label} `, tone: "dim"},
			]
		})
	return paint(shown, page)
}
