import {existsSync, readdirSync, readFileSync} from "node:fs"
import {join} from "node:path"
import {parse} from "yaml"
import type {Values} from "../../installer/infra/charts/render.ts"

/** Istio's charts keep their values below this key, so that a user's are told apart from them. */
const istioDefaults = "_internal_defaults_do_not_set"

/**
 * Paths of values that a chart knows nothing of: none of its values files nor any of its templates names them. Helm
 * ignores such values without a word.
 */
export function unknownValues(chart: string, values: Values): string[] {
	const known = defaultsOf(chart)
	const templates = textOf(chart)
	return (
		leaves(values)
			.filter((path) => !known.some((tree) => isIn(tree, path)))
			.filter((path) => !templates.includes(`.Values.${path.join(".")}`))
			// One without a default is read out of what is around it, which a template may call by a name of its own.
			.filter(
				(path) =>
					!(known.some((tree) => isIn(tree, path.slice(0, -1))) && reads(templates, path.at(-1) ?? "")),
			)
			.map((path) => path.join("."))
	)
}

type Tree = {readonly [key: string]: unknown}
const isTree = (value: unknown): value is Tree =>
	typeof value === "object" && value !== null && !Array.isArray(value)

/** What its values files say, such as one for high availability too; those of a chart inside stand below its name. */
function defaultsOf(chart: string): Tree[] {
	const own = readdirSync(chart)
		.filter((name) => /^values.*\.ya?ml$/.test(name) && !name.includes("tmpl"))
		.map((name): unknown => parse(readFileSync(join(chart, name), "utf8")))
		.filter(isTree)
	const inside = join(chart, "charts")
	const charts = existsSync(inside) ? readdirSync(inside) : []
	return [
		...own,
		...own.map((tree) => tree[istioDefaults]).filter(isTree),
		...charts.flatMap((name) => defaultsOf(join(inside, name)).map((tree) => ({[name]: tree}))),
	]
}

function leaves(value: unknown, path: readonly string[] = []): (readonly string[])[] {
	if (!isTree(value) || Object.keys(value).length === 0) return [path]
	return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]))
}

/** A default that is no map, or an empty one, stands for anything below it. */
function isIn(defaults: unknown, [key, ...rest]: readonly string[]): boolean {
	if (key === undefined) return true
	if (!isTree(defaults) || !(key in defaults)) return false
	const inner = defaults[key]
	return isTree(inner) && Object.keys(inner).length > 0 ? isIn(inner, rest) : true
}

const reads = (templates: string, key: string) => new RegExp(`(\\.| ")${key}\\b`).test(templates)

/** Its templates, and those of the charts inside. */
function textOf(chart: string): string {
	return readdirSync(chart, {recursive: true})
		.map(String)
		.filter((name) => /\.(ya?ml|tpl|txt)$/.test(name))
		.map((name) => readFileSync(join(chart, name), "utf8"))
		.join("\n")
}
