import type {Support} from "../../profiles/dataplane.ts"
import {
	type Capabilities,
	type DataplaneCapabilities,
	newest,
	type Row,
	type Statement,
	varies,
} from "./capabilities-document.ts"
import type {Cell, Row as Line, Page} from "./layout.ts"
import {table} from "./layout.ts"
import type {Tone} from "./style.ts"
import {widthOf, wrap} from "./width.ts"

const tones: Readonly<Record<Support, Tone | undefined>> = {
	native: "ok",
	waypoint: undefined,
	via: undefined,
	preview: "warn",
	no: "bad",
}

/** The matrix, in as many blocks as the page is too narrow for, and what differs by version. */
export function matrixText({features, dataplanes}: Capabilities, page: Page): string {
	const label = Math.max(...features.map(widthOf))
	const blocks = blocksOf(dataplanes, page.columns - label)
	return [
		...blocks.flatMap((block) => [...blockLines(block, page), ""]),
		...legend.flatMap((text) => wrap(text, page.columns)).map((line) => page.style("dim", line)),
		...differing(dataplanes, page),
	].join("\n")
}

const legend = [
	"native as it is · waypoint at a proxy of the namespace · via another object · preview needs acceptance · no is refused when in use · * differs by version, see below",
	"heddle capabilities NAME shows one dataplane or one feature, with notes and sources.",
]

/** As many dataplanes side by side as fit. */
function blocksOf(
	dataplanes: readonly DataplaneCapabilities[],
	room: number,
): readonly (readonly DataplaneCapabilities[])[] {
	const blocks: DataplaneCapabilities[][] = []
	let left = 0
	for (const one of dataplanes) {
		const width = widthOfColumn(one) + 2
		if (blocks.length === 0 || width > left) {
			blocks.push([])
			left = room
		}
		blocks.at(-1)?.push(one)
		left -= width
	}
	return blocks
}

const widthOfColumn = ({dataplane, features}: DataplaneCapabilities): number =>
	Math.max(widthOf(dataplane), ...features.map((row) => cellOf(row).text.length))

function cellOf(row: Row): Cell {
	const support = newest(row)
	const tone = tones[support]
	return {text: `${support}${varies(row) ? "*" : ""}`, ...(tone === undefined ? {} : {tone})}
}

function blockLines(block: readonly DataplaneCapabilities[], page: Page): readonly string[] {
	const head: Line = ["", ...block.map(({dataplane}) => ({text: dataplane, tone: "strong" as const}))]
	const [first] = block
	const rows = (first?.features ?? []).map(
		({feature}, index): Line => [
			feature,
			...block.map(({features}) => {
				const row = features[index]
				return row === undefined ? "" : cellOf(row)
			}),
		],
	)
	return table([head, ...rows], page, {least: 0})
}

function differing(dataplanes: readonly DataplaneCapabilities[], page: Page): readonly string[] {
	const rows = dataplanes.flatMap(({dataplane, features}) =>
		features
			.filter(varies)
			.map(
				({feature, statements}): Line => [
					dataplane,
					feature,
					statements.map(({versions, support}) => `${versions} ${support}`).join("; "),
				],
			),
	)
	return rows.length === 0 ? [] : ["", page.style("strong", "By version"), ...table(rows, page, {indent: 2})]
}

/** Everything that is stated, for one dataplane or one feature. */
export function detailText({dataplanes}: Capabilities, page: Page): string {
	const single = dataplanes.length === 1
	return dataplanes
		.flatMap(({dataplane, features, family, proof}) => [
			...(single
				? [
						page.style("strong", `${dataplane} (${family})`),
						...table(
							proof.map(({claim, level, test}): Line => [claim, level, test]),
							page,
							{indent: 2},
						),
						"",
					]
				: []),
			...features.flatMap(({feature, statements}) => [
				page.style("strong", single ? feature : `${dataplane}: ${feature}`),
				...table(
					statements.length === 0
						? [["", {text: "no", tone: "bad"}, "nothing is stated"]]
						: statements.map(lineOf),
					page,
					{indent: 2},
				),
			]),
		])
		.join("\n")
}

function lineOf({versions, support, note, source}: Statement): Line {
	const tone = tones[support]
	return [
		versions,
		{text: support, ...(tone === undefined ? {} : {tone})},
		note === undefined ? source : `${note} (${source})`,
	]
}
