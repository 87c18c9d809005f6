import {mkdtempSync, rmSync, writeFileSync} from "node:fs"
import {tmpdir} from "node:os"
import {join} from "node:path"
import {afterAll, beforeAll, expect, test} from "vitest"
import {controlPlanes, nodes, workload} from "../../operator/plan/testing/cluster.ts"
import {meshProfile} from "../../operator/plan/testing/profile.ts"
import type {Plan} from "../../operator/plan/types.ts"
import {heddle, jsonOf} from "../../test/kit/cli.ts"
import {mediaTypes} from "../wasm/oci/layouts.ts"
import {type Parts, proxyModule} from "../wasm/testing/module-bytes.ts"
import {StandInRegistry} from "../wasm/testing/registry.ts"

/* From a registry (a stand-in) to a plan that may go: nothing but what the commands print is handed on. */

const folder = mkdtempSync(join(tmpdir(), "heddle-proof-"))
let registry: StandInRegistry
beforeAll(async () => {
	registry = await StandInRegistry.start()
})
afterAll(async () => {
	rmSync(folder, {recursive: true, force: true})
	await registry.stop()
})

const write = (name: string, content: object | string): string => {
	const path = join(folder, name)
	writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content))
	return path
}

function push(tag: string, parts: Parts = {}): {url: string; sha256: string} {
	const digest = registry.push(tag, [
		{mediaType: mediaTypes.moduleLayer, bytes: proxyModule(parts)},
		{mediaType: "application/vnd.module.wasm.config.v1+json", bytes: Buffer.from("{}")},
	])
	return {url: `oci://${registry.host}/team/module:${tag}`, sha256: digest.replace("sha256:", "")}
}

async function inspected(tag: string, url: string, ...args: string[]): Promise<string> {
	const run = await heddle(["wasm", "inspect", url, "--plain-http", "-o", "json", ...args], {
		env: {DOCKER_CONFIG: folder},
	})
	return write(`${tag}-proof.json`, run.stdout)
}

const clusterOf = (controlPlane: readonly object[]) => [
	...nodes(),
	...controlPlane,
	{
		apiVersion: "v1",
		kind: "Namespace",
		metadata: {name: "shop", labels: {team: "payments", "istio-injection": "enabled"}},
	},
	...workload({
		kind: "Deployment",
		name: "cart",
		namespace: "shop",
		on: "istio-sidecar",
		options: {replicas: 2},
	}),
]
/** Without a Prometheus nobody counts what a module refuses; that is accepted here. */
const profileOf = (extension: {url: string; sha256: string}) =>
	meshProfile(
		{mode: "Sidecar", provider: "istio-sidecar"},
		{extensions: [{name: "audit", ...extension}], migration: {accept: ["ExtensionNotMeasured"]}},
	)

let count = 0
const plan = (extension: {url: string; sha256: string}, ...args: string[]) =>
	planOn(controlPlanes.istio(), extension, ...args)
const planOn = (
	controlPlane: readonly object[],
	extension: {url: string; sha256: string},
	...args: string[]
) => {
	const items = clusterOf(controlPlane)
	const objects = write(`cluster-${++count}.json`, {apiVersion: "v1", kind: "List", items})
	const profile = write(`profile-${count}.json`, profileOf(extension))
	return heddle(["plan", "-o", "json", "-f", objects, "--profile", profile, ...args])
}
const codesOf = (made: Plan) => made.namespaces[0]?.reasons.map(({code}) => code)

test("an inspected image may be planned, and one that nobody looked at needs a person", async () => {
	const extension = push("1.0.0")
	const proof = await inspected("1.0.0", extension.url)
	const [without, having] = await Promise.all([plan(extension), plan(extension, "--wasm-proof", proof)])
	expect(without.code).toBe(3)
	expect(codesOf(jsonOf<Plan>(without))).toContain("ExtensionNotProved")
	expect(having.stderr).toBe("")
	expect(codesOf(jsonOf<Plan>(having))).not.toContain("ExtensionNotProved")
	expect(jsonOf<Plan>(having).namespaces[0]?.verdict).toBe("Ready")
	expect(having.code).toBe(0)
})

test("a proof of another digest, of another address, or of a refusal proves nothing", async () => {
	const first = push("2.0.0")
	const proof = await inspected("2.0.0", first.url)
	const moved = push("2.0.0", {imports: [{module: "env", name: "proxy_log", type: "iii>i"}]})
	const broken = push("3.0.0", {imports: [{module: "env", name: "abort", type: "iiii>"}]})
	const refusal = await inspected("3.0.0", broken.url)
	const [tagMoved, elsewhere, refused] = await Promise.all([
		plan(moved, "--wasm-proof", proof),
		plan({...first, url: "oci://ghcr.io/team/module:2.0.0"}, "--wasm-proof", proof),
		plan(broken, "--wasm-proof", refusal),
	])
	expect([tagMoved.code, elsewhere.code, refused.code]).toEqual([3, 2, 3])
	type Failure = {readonly code: string; readonly message: string}
	expect(jsonOf<Failure>(tagMoved).message).toContain(`and the profile pins ${moved.sha256}`)
	expect(jsonOf<Failure>(elsewhere).message).toContain("which no given profile names")
	expect(jsonOf<Failure>(refused)).toMatchObject({
		code: "NotProved",
		message: expect.stringContaining("it imports env.abort, which is not known to be offered there"),
	})
})

test("what counts is the version of Istio that runs, whatever was asked of the inspection", async () => {
	const go = push("4.0.0", {imports: [{module: "wasi_snapshot_preview1", name: "sched_yield", type: ">i"}]})
	const proof = await inspected("4.0.0", go.url, "--host", "mosn")
	const [old, recent] = await Promise.all([
		planOn(controlPlanes["istio-1-25"](), go, "--wasm-proof", proof),
		planOn(controlPlanes["istio-1-30"](), go, "--wasm-proof", proof),
	])
	expect(jsonOf<{message: string}>(old).message).toContain("istio-sidecar >=1.16.0 <1.26.0 would refuse")
	expect(codesOf(jsonOf<Plan>(recent))).not.toContain("ExtensionNotProved")
})

test.each([
	["nowhere.json", undefined, "cannot be read"],
	["text.json", "not JSON", "it is no JSON"],
	["plan.json", {kind: "Plan"}, "it is no inspection: kind"],
])("%s is no proof", async (name, content, message) => {
	const file = content === undefined ? join(folder, name) : write(name, content)
	const run = await plan(push("5.0.0"), "--wasm-proof", file)
	expect(run.code).toBe(2)
	expect(jsonOf<{message: string}>(run).message).toContain(message)
})
