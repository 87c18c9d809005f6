import {readdirSync, readFileSync, statSync} from "node:fs"
import {join} from "node:path"
import {expect, onTestFinished, test} from "vitest"
import type {KubeObject} from "../../../profiles/snapshot/object.ts"
import {apply} from "../../kit/apply.ts"
import {heddle, jsonOf, type Run} from "../../kit/cli.ts"
import {hasPulumi, needPulumi, pulumiEnv} from "../../kit/pulumi.ts"
import {inventory, useBareWorld} from "./bare.ts"
import {upgradeByRevision} from "./upgrade-story.ts"

/*
 * The engine `pulumi` with Pulumi's real CLI, its real Kubernetes provider and a real API server; the kubelets are
 * simulated.
 */

const world = useBareWorld(hasPulumi)
needPulumi()
const slow = {timeout: 900_000}

type Env = Readonly<Record<string, string>>
type Report = {
	result: string
	counts: Record<string, number>
	changes: {id: string; action: string}[]
	diagnostics: {code: string; message: string}[]
}

/** `heddle COMMAND --engine pulumi` in one place of its own, whose stack is taken away at the end. */
function place(more: Env = {}) {
	const env = {...pulumiEnv(), ...more}
	const run = (...args: readonly string[]): Promise<Run> =>
		heddle([...args, "--engine", "pulumi", "--kubeconfig", world().sandbox.kubeconfig], {
			env,
			timeoutMs: slow.timeout,
		})
	onTestFinished(async () => {
		await run("uninstall", "--yes")
	})
	return {run, env, state: env.HEDDLE_STATE_DIR ?? ""}
}

const keys = async () => [...(await inventory(world())).keys()]
const codes = (run: Run) => [...new Set(jsonOf<Report>(run).diagnostics.map(({code}) => code))]
const istio = ["gateway-api", "istio-sidecar", "--set", "istio-sidecar.version=1.31.0"]

test("installs; again changes nothing; a part leaves; uninstall leaves nothing", slow, async () => {
	const {run} = place()
	const before = await keys()
	const dry = await run("install", "operator", ...istio, "--dry-run", "-o", "json")
	expect(dry.code, dry.stderr).toBe(0)
	expect(jsonOf<Report>(dry).result).toBe("previewed")
	expect(await keys()).toEqual(before)

	const first = await run("install", "operator", ...istio, "--yes", "-o", "json")
	expect(first.code, first.stderr).toBe(0)
	const {result, counts, changes} = jsonOf<Report>(first)
	expect([result, counts.failed, counts.updated]).toEqual(["done", 0, 0])
	expect(counts.created).toBe(changes.length)
	expect(counts.created).toBeGreaterThan(50)

	const again = await run("install", "operator", ...istio, "-o", "json")
	expect(again.code, again.stderr).toBe(0)
	expect(jsonOf<Report>(again).result).toBe("unchanged")

	const less = await run("uninstall", "operator", "--yes", "-o", "json")
	expect(less.code, less.stderr).toBe(0)
	expect((await keys()).filter((key) => /heddle/.test(key))).toEqual([])

	const gone = await run("uninstall", "--yes", "-o", "json")
	expect(gone.code, gone.stderr).toBe(0)
	expect(await keys()).toEqual(before)
	const nothing = await run("uninstall", "--yes")
	expect(nothing.code).toBe(3)
	expect(nothing.stderr).toContain("holds no installation")
})

test(
	"an old revision stays beside the new one (a stand-in) while a pod (a stand-in) uses it, and then goes",
	slow,
	async () => {
		await upgradeByRevision(world(), "pulumi", pulumiEnv())
	},
)

test("what somebody deleted is put back by the same install", slow, async () => {
	const {run} = place()
	expect((await run("install", "wasm-runtime", "--yes")).code).toBe(0)
	await world().http.request({
		method: "DELETE",
		path: "/apis/node.k8s.io/v1/runtimeclasses/wasmedge",
		doing: {verb: "delete", resource: "runtimeclasses"},
	})
	const healed = await run("install", "wasm-runtime", "--yes", "-o", "json")
	expect(healed.code, healed.stderr).toBe(0)
	expect(jsonOf<Report>(healed).counts.created).toBe(1)
	expect(await keys()).toContain("RuntimeClass.node.k8s.io/wasmedge")
})

test("what Helm installed is refused, and taken over by consent", slow, async () => {
	const {run} = place()
	const annotations = {"meta.helm.sh/release-name": "wasm", "meta.helm.sh/release-namespace": "infra"}
	await apply(world(), {
		apiVersion: "node.k8s.io/v1",
		kind: "RuntimeClass",
		metadata: {name: "wasmedge", annotations},
		...{handler: "wasmedge"},
	} as KubeObject)
	const refused = await run("install", "wasm-runtime", "--yes", "-o", "json")
	expect([refused.code, codes(refused)]).toEqual([3, ["OwnedByAnother"]])
	const dry = await run("install", "wasm-runtime", "--adopt", "--dry-run", "-o", "json")
	expect([dry.code, jsonOf<Report>(dry).result]).toEqual([0, "previewed"])
	const adopted = await run("install", "wasm-runtime", "--adopt", "--yes", "-o", "json")
	expect([adopted.code, codes(adopted)], adopted.stderr).toEqual([0, ["Adopted"]])
	expect(jsonOf<Report>(await run("install", "wasm-runtime", "-o", "json")).result).toBe("unchanged")
})

/** Everything that was written below a folder. */
function textsIn(folder: string): string {
	return readdirSync(folder, {recursive: true})
		.map((name) => join(folder, String(name)))
		.filter((path) => statSync(path).isFile())
		.map((path) => readFileSync(path, "latin1"))
		.join("\n")
}

test("a passphrase opens its state and no other does; neither is written or shown", slow, async () => {
	const canary = "canary-5d1f-correct-horse"
	const {run, env, state} = place({PULUMI_CONFIG_PASSPHRASE: canary})
	const runs = [
		await run("install", "wasm-runtime", "--yes"),
		await run("install", "wasm-runtime", "--yes", "-o", "json"),
		await run("upgrade", "--dry-run", "--yes"),
	]
	expect(
		runs.map(({code}) => code),
		runs.map(({stderr}) => stderr).join(),
	).toEqual([0, 0, 0])
	const wrong = await heddle(
		["install", "operator", "--yes", "--engine", "pulumi", "--kubeconfig", world().sandbox.kubeconfig],
		{env: {...env, PULUMI_CONFIG_PASSPHRASE: "another-canary-77"}, timeoutMs: slow.timeout},
	)
	expect(wrong.code).toBe(3)
	expect(wrong.stderr).toContain("PULUMI_CONFIG_PASSPHRASE_FILE")
	const said = [...runs, wrong].map(({stdout, stderr}) => stdout + stderr).join("\n")
	for (const secret of [canary, "another-canary-77"]) {
		expect(said).not.toContain(secret)
		expect(textsIn(state)).not.toContain(secret)
	}
})

test("without a CLI, and nobody to ask, it ends with 3 and says how to get one", slow, async () => {
	const {env} = place()
	const {HEDDLE_BIN_PULUMI: _cli, ...rest} = env
	const run = await heddle(
		["install", "wasm-runtime", "--engine", "pulumi", "--kubeconfig", world().sandbox.kubeconfig],
		{env: {...rest, PATH: "/usr/bin:/bin", XDG_CACHE_HOME: env.HEDDLE_STATE_DIR ?? ""}},
	)
	expect(run.code).toBe(3)
	expect(run.stderr).toContain("needs the Pulumi CLI")
	expect(run.stderr).toContain("get.pulumi.com")
})
