import {readdirSync, readFileSync, writeFileSync} from "node:fs"
import {fileURLToPath} from "node:url"
import {parse} from "yaml"
import {declarationsOf, type Schema} from "./schema-types.ts"

/*
 * Writes generated.ts from the CRDs beside it; with --check it only says whether that file is up to date.
 * A default does not make a field present: objects from files have never met the API server that would fill it in.
 */

type Crd = {
	readonly spec: {
		readonly group: string
		readonly names: {readonly kind: string}
		readonly versions: readonly {readonly name: string; readonly schema: {readonly openAPIV3Schema: Schema}}[]
	}
}

const folder = new URL("./", import.meta.url)
const target = new URL("./generated.ts", import.meta.url)

const header = `/*
 * Generated from the YAML files of this folder by \`node crds/generate.ts\`; edit those.
 */
import type {ObjectMeta} from "./object.ts"
`

function declarations(crd: Crd): readonly string[] {
	return crd.spec.versions.flatMap((version) =>
		declarationsOf(crd.spec.names.kind, version.schema.openAPIV3Schema, {
			apiVersion: JSON.stringify(`${crd.spec.group}/${version.name}`),
			kind: JSON.stringify(crd.spec.names.kind),
			metadata: "ObjectMeta",
		}),
	)
}

function generate(): string {
	const files = readdirSync(folder)
		.filter((file) => file.endsWith(".yaml"))
		.sort()
	const crds = files.map((file) => parse(readFileSync(new URL(file, folder), "utf8")) as Crd)
	return [header, ...crds.flatMap(declarations)].join("\n")
}

function main(args: readonly string[]): number {
	const unknown = args.filter((arg) => arg !== "--check")
	if (unknown.length > 0) {
		console.error(`unknown argument ${unknown.join(" ")}; usage: node crds/generate.ts [--check]`)
		return 2
	}
	const text = generate()
	if (!args.includes("--check")) {
		writeFileSync(target, text)
		return 0
	}
	if (readFileSync(target, "utf8") === text) return 0
	console.error(
		`${fileURLToPath(target)} does not match the CRDs beside it: run "node crds/generate.ts" and commit the result`,
	)
	return 1
}

process.exitCode = main(process.argv.slice(2))
