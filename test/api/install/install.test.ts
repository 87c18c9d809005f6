import {writeFileSync} from "node:fs"
import {join} from "node:path"
import {expect, onTestFinished, test} from "vitest"
import {applySetOf, partOf} from "../../../installer/engine/manifests/apply-set.ts"
import {jsonOf} from "../../kit/cli.ts"
import {get} from "../../kit/open-world.ts"
import {freshFolder} from "../cli/folder.ts"
import {heddleOn, inventory, useBareWorld} from "./bare.ts"

const world = useBareWorld()
const run = (...args: string[]) => heddleOn(world(), ...args)

/** Versions that can be had from the Go modules which the sandbox is built of, where there is no other network. */
const istio = [
	"gateway-api",
	"istio-sidecar",
	"--set",
	"gateway-api.version=1.6.0",
	"--set",
	"istio-sidecar.version=1.31.0",
]

type Report = {result: string; counts: Record<string, number>; changes: {id: string; action: string}[]}

/** So that a test that fails leaves nothing to the next one. */
function cleanUp(): void {
	onTestFinished(async () => {
		await run("uninstall", "--yes")
	})
}

function profileFile(): string {
	const file = join(freshFolder(), "profile.yaml")
	writeFileSync(
		file,
		"apiVersion: heddle.dev/v1alpha1\nkind: MeshProfile\nmetadata: {name: payments}\nspec: {namespaceSelector: {matchLabels: {team: payments}}, dataplane: {mode: Sidecar}}\n",
	)
	return file
}

test("the operator, the Gateway API, Istio and a profile are installed; again writes nothing; uninstall leaves nothing", async () => {
	cleanUp()
	const profile = profileFile()
	const before = await inventory(world())
	const dry = await run("install", "operator", ...istio, "--profile", profile, "--dry-run", "-o", "json")
	expect(dry.code, dry.stderr).toBe(0)
	expect(jsonOf<Report>(dry).result).toBe("previewed")
	expect([...(await inventory(world())).keys()]).toEqual([...before.keys()])

	const first = await run("install", "operator", ...istio, "--profile", profile, "--yes", "-o", "json")
	expect(first.code, first.stderr).toBe(0)
	const {result, counts} = jsonOf<Report>(first)
	expect([result, counts.failed, counts.updated]).toEqual(["done", 0, 0])
	expect(counts.created).toBeGreaterThan(50)

	const installed = await inventory(world())
	const again = await run("install", "operator", ...istio, "--profile", profile, "-o", "json")
	expect(again.code, again.stderr).toBe(0)
	expect(jsonOf<Report>(again).result).toBe("unchanged")
	expect(await inventory(world())).toEqual(installed)

	const less = await run("uninstall", "istio-sidecar", "--yes", "-o", "json")
	expect(less.code, less.stderr).toBe(0)
	expect(jsonOf<Report>(less).counts.deleted).toBe(36)

	const gone = await run("uninstall", "--yes", "-o", "json")
	expect(gone.code, gone.stderr).toBe(0)
	expect([...(await inventory(world())).keys()]).toEqual([...before.keys()])
	const nothing = await run("uninstall", "--yes", "-o", "json")
	expect([nothing.code, jsonOf<Report>(nothing).result]).toEqual([0, "unchanged"])
}, 900_000)

test("a revision is upgraded beside the old one, which goes with the next upgrade once no pod uses it", async () => {
	cleanUp()
	const args = ["--set", "istio-sidecar.revision=1-31-0", "--yes", "-o", "json"]
	const first = await run("install", ...istio, ...args)
	expect(first.code, first.stderr).toBe(0)
	const {id} = applySetOf("heddle")
	const istiods = async () => {
		const path = `/apis/apps/v1/deployments?labelSelector=${encodeURIComponent(`${partOf}=${id}`)}`
		const {items} = (await world().http.request(get(path))) as {items: {metadata: {name: string}}[]}
		return items.map(({metadata}) => metadata.name)
	}
	expect(await istiods()).toEqual(["istiod-1-31-0"])
	const same = await run("upgrade", "istio-sidecar", "--to", "1.31.0", "--yes", "-o", "json")
	expect([same.code, jsonOf<Report>(same).result]).toEqual([0, "unchanged"])
	const down = await run("upgrade", "istio-sidecar", "--to", "1.30.0", "--yes")
	expect(down.code).toBe(2)
	expect(down.stderr).toContain("downgrade")
	expect((await run("uninstall", "--yes")).code).toBe(0)
}, 900_000)
