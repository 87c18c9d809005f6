import {globSync, readFileSync} from "node:fs"
import {join, resolve} from "node:path"
import {beforeAll, expect, test} from "vitest"
import {parseAllDocuments} from "yaml"
import type {KubeObject} from "../../profiles/snapshot/object.ts"
import {installCrds, tryCreate} from "../kit/apply.ts"
import {heddle} from "../kit/cli.ts"
import {useWorld} from "../kit/sandbox.ts"

/** What people copy is accepted by the real API server, with the shipped CRDs. */
const world = useWorld()
beforeAll(() => installCrds(world()))

const root = resolve(import.meta.dirname, "../..")
const profiles = globSync(["profiles/presets/*.yaml", "examples/**/*.yaml"], {cwd: root})
	.filter((path) => !path.includes("node_modules"))
	.sort()
	.flatMap((path) =>
		parseAllDocuments(readFileSync(join(root, path), "utf8"))
			.map((document) => document.toJS() as KubeObject | null)
			.flatMap((object) => (object?.kind === "MeshProfile" ? [{path, object}] : [])),
	)

test("there are presets and examples", () => {
	expect(profiles.filter(({path}) => path.startsWith("profiles/presets/")).length).toBeGreaterThan(5)
})

test.each(profiles)("the API server accepts the profile of $path", async ({object}) => {
	expect((await tryCreate(world(), object)).metadata.name).toBe(object.metadata.name)
})

test.each(profiles)("heddle plans for the profile of $path: its input is valid", async ({path}) => {
	const run = await heddle([
		"plan",
		"-f",
		join(root, "examples/kubectl/cluster.yaml"),
		"--profile",
		join(root, path),
	])
	expect([0, 3]).toContain(run.code)
})

test("completion asks the cluster for its namespaces", async () => {
	const run = await heddle(["__complete", "namespaces"], {env: {KUBECONFIG: world().sandbox.kubeconfig}})
	expect(run.stdout.split("\n")).toContain("kube-system")
})
