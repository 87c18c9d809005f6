import {execFile} from "node:child_process"
import {promisify} from "node:util"
import {expect, onTestFinished} from "vitest"
import {charts} from "../../../installer/infra/charts/chart.ts"
import {locate} from "../../../installer/infra/charts/locate.ts"
import {binary} from "../../../installer/sandbox/bin/catalogue.ts"
import {resolve} from "../../../installer/sandbox/bin/resolve.ts"
import {temporaryFolder} from "../../../installer/sandbox/temporary-folder.ts"
import {apply} from "../../kit/apply.ts"
import {heddle, jsonOf} from "../../kit/cli.ts"
import type {World} from "../../kit/open-world.ts"
import {everyObject, inventory} from "./bare.ts"
import {enrolledPod, removeEnrolledPod} from "./enrolled-pod.ts"

const [older, newer] = ["1.31.0", "1.31.1"]

/** A stand-in for a newer version: the charts of the older one, numbered anew. */
async function twoVersions(): Promise<string> {
	const folder = temporaryFolder(onTestFinished)
	const {path: helm} = await resolve(binary("helm"), {onEvent: () => {}})
	for (const chart of [charts.istioBase, charts.istiod]) {
		const source = await locate(chart, older, undefined)
		for (const version of [older, newer])
			await promisify(execFile)(helm, ["package", source, "--version", version, "--destination", folder])
	}
	return folder
}

/** From one revision to the next, the old one kept while a pod uses it, by whichever engine. */
export async function upgradeByRevision(
	world: World,
	engine: string,
	env: Readonly<Record<string, string>>,
): Promise<void> {
	const folder = await twoVersions()
	const before = [...(await inventory(world)).keys()]
	const on = ["--engine", engine, "--chart-dir", folder, "--yes", "--kubeconfig", world.sandbox.kubeconfig]
	const run = (...args: readonly string[]) => heddle([...args, ...on], {env, timeoutMs: 600_000})
	const done = async (...args: readonly string[]) => {
		const {code, stderr} = await run(...args)
		expect(code, stderr).toBe(0)
	}
	const istiods = async () => {
		const ids = (await everyObject(world)).map(([id]) => id)
		return ids.filter((id) => id.startsWith("Deployment.apps/istio-system/")).sort()
	}
	onTestFinished(async () => {
		await removeEnrolledPod(world).catch(() => {})
		await run("uninstall")
	})

	const [old, next] = [
		"Deployment.apps/istio-system/istiod-1-31-0",
		"Deployment.apps/istio-system/istiod-1-31-1",
	]
	const revision = ["--set", `istio-sidecar.version=${older}`, "--set", "istio-sidecar.revision=1-31-0"]
	await done("install", "istio-sidecar", ...revision)
	await apply(world, enrolledPod("1-31-0"))
	await done("upgrade", "istio-sidecar", "--to", newer)
	expect(await istiods()).toEqual([old, next])
	const refused = await run("uninstall", "-o", "json")
	expect(refused.code).toBe(3)
	const {diagnostics} = jsonOf<{diagnostics: {code: string; object?: string}[]}>(refused)
	expect(diagnostics).toMatchObject([{code: "PodsEnrolled", object: old}])

	await removeEnrolledPod(world)
	await done("upgrade", "istio-sidecar", "--to", newer)
	expect(await istiods()).toEqual([next])
	await done("uninstall")
	expect([...(await inventory(world)).keys()]).toEqual(before)
}
