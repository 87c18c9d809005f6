import {spawnSync} from "node:child_process"
import {existsSync, readFileSync} from "node:fs"
import {resolve} from "node:path"
import {expect, test} from "vitest"
import {parse} from "yaml"
import {argoIgnoreDifferences} from "../../installer/infra/drift/argo.ts"
import {fluxIgnoreRules} from "../../installer/infra/drift/flux.ts"

const root = resolve(import.meta.dirname, "../..")
const tsc = resolve(root, "node_modules/typescript/bin/tsc")
const example = (name: string) => resolve(root, "examples", name)

/** The clouds' packages are too large for this repository; where one is installed, what it is used for is checked. */
const large = ["@pulumi/command", "@pulumi/eks", "@pulumi/gcp"]
const absent = large.filter((name) => !existsSync(resolve(root, "node_modules", name)))

test.each([
	["pulumi-existing-cluster", []],
	["pulumi-new-cluster", absent],
])(
	"the types of %s hold, but for packages that are not installed: %j",
	{timeout: 180_000},
	(name, missing) => {
		const {stdout} = spawnSync(process.execPath, [tsc, "-p", example(name), "--pretty", "false"], {
			encoding: "utf8",
			cwd: root,
		})
		const complaints = stdout.split("\n").filter((line) => line !== "")
		const unexpected = complaints.filter(
			(line) => !missing.some((lacking) => line.includes(`error TS2307: Cannot find module '${lacking}'`)),
		)
		expect(unexpected).toEqual([])
		expect(complaints).toHaveLength(missing.length)
	},
)

const inExample = (name: string): unknown =>
	parse(readFileSync(resolve(example("pulumi-existing-cluster"), name), "utf8"))

test("the differences that Argo CD and Flux are to ignore are those that Heddle knows of", () => {
	expect(inExample("argo-ignore.yaml")).toMatchObject({ignoreDifferences: argoIgnoreDifferences()})
	expect(inExample("flux-ignore.yaml")).toMatchObject({driftDetection: {ignore: fluxIgnoreRules()}})
})
