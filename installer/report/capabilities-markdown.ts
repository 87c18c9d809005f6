import {type Capabilities, newest, type Row, varies} from "./capabilities-document.ts"
import {levels} from "./proof.ts"

/** The page of all that is known, for docs/capabilities.md and for `--output markdown`. */
export function capabilitiesMarkdown(document: Capabilities): string {
	const {dataplanes, features} = document
	const names = dataplanes.map(({dataplane}) => dataplane)
	return [
		"# Capabilities",
		"",
		"What each dataplane carries. A feature in use that the target does not carry refuses the move; a preview waits for acceptance.",
		"",
		"- **native**: as it is",
		"- **waypoint**: at a proxy of the namespace, which a plan brings",
		"- **via**: by another object",
		"- **preview**: unproven, or announced as a preview",
		"- **no**: not carried",
		"",
		"Of several versions the newest is shown; an asterisk says that another version differs, and the dataplane's own table says how.",
		"",
		...tableOf(
			["", ...names],
			features.map((feature, index) => [
				feature,
				...dataplanes.map((one) => {
					const row = one.features[index]
					return row === undefined ? "" : cellOf(row)
				}),
			]),
		),
		"",
		"## How it was proved",
		"",
		...levels.map(({level, means}) => `- **${level}**: ${means}`),
		"",
		...tableOf(
			["dataplane", "claim", "level", "test"],
			dataplanes.flatMap(({dataplane, proof}) =>
				proof.map(({claim, level, test, standIn}) => [
					dataplane,
					claim,
					standIn === undefined ? level : `${level} (${standIn})`,
					`[${test}](../${test})`,
				]),
			),
		),
		...dataplanes.flatMap(({dataplane, features: rows}) => [
			"",
			`## ${dataplane}`,
			"",
			...tableOf(
				["feature", "versions", "support", "note", "source"],
				rows.flatMap(({feature, statements}) =>
					statements.length === 0
						? [[feature, "", "no", "nothing is stated", ""]]
						: statements.map(({versions, support, note, source}) => [
								feature,
								versions === "*" ? "all" : `\`${versions}\``,
								support,
								note ?? "",
								linked(source),
							]),
				),
			),
		]),
	].join("\n")
}

const cellOf = (row: Row): string => {
	const support = newest(row)
	const text = support === "no" ? "–" : support
	return varies(row) ? `${text}*` : text
}

const linked = (source: string): string => (/^https:\/\/\S+$/.test(source) ? `<${source}>` : source)

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
	const line = (cells: readonly string[]) =>
		`| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`
	return [line(head), `|${head.map(() => " --- |").join("")}`, ...rows.map(line)]
}
