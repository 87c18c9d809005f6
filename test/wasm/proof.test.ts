import {mkdtemp, rm, writeFile} from "node:fs/promises"
import {tmpdir} from "node:os"
import {join} from "node:path"
import {expect, onTestFinished, test} from "vitest"
import {mediaTypes} from "../../installer/wasm/oci/layouts.ts"
import {proxyModule} from "../../installer/wasm/testing/module-bytes.ts"
import {StandInRegistry} from "../../installer/wasm/testing/registry.ts"
import {MeshProfile} from "../../operator/api/kinds.ts"
import type {Plan} from "../../operator/plan/types.ts"
import {apply, installCrds} from "../kit/apply.ts"
import {heddle, jsonOf} from "../kit/cli.ts"
import {freshNamespace, useWorld} from "../kit/sandbox.ts"
import {deployment, profile} from "../kit/shop.ts"

const world = useWorld()

const codesOf = (made: Plan, namespace: string) =>
	made.namespaces.find((one) => one.namespace === namespace)?.reasons.map(({code}) => code)

test("apply writes the proof onto the profile, and whoever plans from the cluster believes it", async () => {
	const folder = await mkdtemp(join(tmpdir(), "heddle-proof-"))
	const registry = await StandInRegistry.start()
	onTestFinished(async () => {
		await registry.stop()
		await rm(folder, {recursive: true, force: true})
	})
	const digest = registry.push("1.0.0", [
		{mediaType: mediaTypes.moduleLayer, bytes: proxyModule()},
		{mediaType: "application/vnd.module.wasm.config.v1+json", bytes: Buffer.from("{}")},
	])
	const url = `oci://${registry.host}/team/module:1.0.0`
	const sha256 = digest.replace("sha256:", "")

	await installCrds(world())
	const namespace = await freshNamespace(world(), {})
	await apply(world(), deployment("cart", {namespace}))
	const object = profile(namespace, {
		namespaceSelector: {matchLabels: {"kubernetes.io/metadata.name": namespace}},
		dataplane: {mode: "Sidecar"},
		extensions: [{name: "audit", url, sha256}],
	})
	onTestFinished(async () => {
		await world().client.delete(MeshProfile, namespace)
	})
	const [file, proof] = [join(folder, "profile.json"), join(folder, "proof.json")]
	const run = (...args: string[]) =>
		heddle([...args, "-o", "json", "--kubeconfig", world().sandbox.kubeconfig], {
			env: {DOCKER_CONFIG: folder},
		})
	await writeFile(file, JSON.stringify(object))
	await writeFile(proof, (await run("wasm", "inspect", url, "--plain-http")).stdout)

	const before = jsonOf<Plan>(await run("plan", "--profile", file))
	expect(codesOf(before, namespace)).toContain("ExtensionNotProved")
	const applied = await run("apply", "--profile", file, "--wasm-proof", proof)
	expect(applied.code).toBe(0)
	const stored = await world().client.get(MeshProfile, namespace)
	expect(stored?.metadata.annotations).toMatchObject({"heddle.dev/proved-modules": sha256})
	const after = jsonOf<Plan>(await run("plan"))
	expect(codesOf(after, namespace)).not.toContain("ExtensionNotProved")
})
