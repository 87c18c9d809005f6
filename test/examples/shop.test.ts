import {spawn} from "node:child_process"
import {mkdtemp, rm} from "node:fs/promises"
import {tmpdir} from "node:os"
import {join} from "node:path"
import {fileURLToPath} from "node:url"
import {afterAll, beforeAll, expect, test} from "vitest"
import {heddle, jsonOf, type Run} from "../kit/cli.ts"
import {withoutColour} from "../kit/entry.ts"

/** The main job as CI sees it: no terminal, a sandbox of its own. Kubelets and node agent are stand-ins there. */
const main = fileURLToPath(new URL("../../examples/shop/main.ts", import.meta.url))

let folder = ""
let run: Run

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "heddle-shop-"))
	run = await toEnd({HEDDLE_STATE_DIR: folder})
}, 45 * 60_000)

afterAll(async () => {
	await toEnd({HEDDLE_STATE_DIR: folder}, ["sandbox", "down"])
	await rm(folder, {recursive: true, force: true})
})

/** Runs the main job, or `heddle` with arguments, to its end. */
function toEnd(env: Record<string, string>, args?: readonly string[]): Promise<Run> {
	const program =
		args === undefined
			? [main]
			: [fileURLToPath(new URL("../../installer/heddle.js", import.meta.url)), ...args]
	return new Promise((resolve, reject) => {
		const child = spawn(process.execPath, program, {
			env: {...withoutColour(process.env), ...env},
			stdio: ["ignore", "pipe", "pipe"],
		})
		let [stdout, stderr] = ["", ""]
		child.stdout.on("data", (data: Buffer) => (stdout += data))
		child.stderr.on("data", (data: Buffer) => (stderr += data))
		child.once("error", reject)
		child.once("close", (code) => resolve({code, stdout, stderr}))
	})
}

type Status = {
	readonly namespaces: readonly {
		readonly namespace: string
		readonly from: {readonly dataplane: string}
		readonly verdict: string
	}[]
}

test("npm start runs through without a terminal", () => {
	expect(run.stderr + run.stdout).toContain("The sandbox stays up.")
	expect(run.code).toBe(0)
})

test("it leaves the core on ambient, the ledger on sidecars, and the edge back where it was", async () => {
	const kubeconfig = join(folder, "sandbox", "default", "kubeconfig")
	const status = jsonOf<Status>(await heddle(["status", "--output", "json", "--kubeconfig", kubeconfig]))
	expect(
		Object.fromEntries(status.namespaces.map(({namespace, from}) => [namespace, from.dataplane])),
	).toEqual({
		"shop-cart": "istio-ambient",
		"shop-orders": "istio-sidecar",
		"shop-web": "istio-sidecar",
	})
})

test("the same folder plans without the cluster, and refuses the ledger", async () => {
	const examples = fileURLToPath(new URL("../../examples/shop", import.meta.url))
	const plan = await heddle(["plan", "--from-files", examples, "--output", "json"])
	expect(plan.code).toBe(3)
	const {namespaces} = jsonOf<Status>(plan)
	expect(namespaces.map(({namespace}) => namespace)).toEqual(["shop-cart", "shop-orders", "shop-web"])
})
