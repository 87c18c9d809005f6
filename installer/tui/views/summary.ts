import {plural} from "../../../profiles/names.ts"
import {clusterFlags} from "../model/commands.ts"
import type {Deed, State} from "../model/state.ts"
import {type Canvas, scrolled, type View} from "./body.ts"
import {paint, wrapped} from "./paint.ts"

/** What this session did, as commands to repeat it and files to put in git. */
export const summaryView: View = (state, canvas) => {
	const lines = [
		...clusterLines(state, canvas),
		...(state.deeds.length === 0
			? nothing(canvas)
			: state.deeds.flatMap((deed) => deedLines(deed, state, canvas))),
	]
	return scrolled(lines, state.scrolls.summary, canvas.room)
}

function clusterLines({table, cluster}: State, canvas: Canvas): readonly string[] {
	const rows = [...table.rows.values()].filter(({system}) => system === undefined)
	const count = (test: (row: (typeof rows)[number]) => boolean) => rows.filter(test).length
	const moves = count(
		({to, now, profile, verdict}) =>
			profile === undefined && verdict !== "Blocked" && to !== "" && to !== now,
	)
	const parts = [
		`${plural(rows.length, "namespace")} in ${cluster?.context ?? "this cluster"}`,
		`${count(({profile}) => profile !== undefined)} decided by profiles`,
		`${moves} could move`,
		`${count(({verdict}) => verdict === "Blocked")} blocked`,
	]
	return ["", paint([`   ${parts.join(" · ")}`], canvas), ""]
}

const nothing = (canvas: Canvas) => [
	paint([{text: "   Nothing was changed from here yet.", tone: "dim"}], canvas),
	...wrapped(
		{text: "Every screen shows, on its last line, the command that does the same.", tone: "dim"},
		canvas,
		{indent: 3, most: 2},
	),
]

function deedLines({what, command, file}: Deed, state: State, canvas: Canvas): readonly string[] {
	const head = paint(
		[
			{text: "   ✓ ", tone: "ok"},
			{text: what, tone: "strong"},
		],
		canvas,
	)
	const same = paint(
		[
			{text: "     $ ", tone: "dim"},
			{text: `${command}${clusterFlags(state)}`, tone: "accent"},
		],
		canvas,
	)
	if (file === undefined) return [head, same, ""]
	const note = file.saved
		? `${file.path}, saved: put it in git`
		: `${file.path}: s saves it, to put it in git`
	return [
		head,
		same,
		paint([{text: `     ${note}`, tone: file.saved ? "ok" : "warn"}], canvas),
		...file.text
			.trimEnd()
			.split("\n")
			.map((line) => paint([{text: `       ${line}`, tone: "dim"}], canvas)),
		"",
	]
}
