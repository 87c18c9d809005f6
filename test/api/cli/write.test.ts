import {writeFileSync} from "node:fs"
import {join} from "node:path"
import {expect, onTestFinished, test} from "vitest"
import {MeshBinding, MeshProfile} from "../../../operator/api/kinds.ts"
import type {Plan} from "../../../operator/plan/types.ts"
import {apply, installCrds} from "../../kit/apply.ts"
import {heddle, jsonOf} from "../../kit/cli.ts"
import {startOperator} from "../../kit/operator.ts"
import {freshNamespace, useWorld} from "../../kit/sandbox.ts"
import {deployment, profile} from "../../kit/shop.ts"
import {freshFolder} from "./folder.ts"

const world = useWorld()

/** What the workload of every scene is short of. */
const risk = "NoReadinessProbe"

type StatusDocument = {
	kind: string
	namespaces: {namespace: string; reason: string; from: {dataplane: string}; steps: {action: string}[]}[]
}

/** A namespace with one workload, and the file of a profile that selects it alone. */
async function scene(spec: object = {}) {
	await installCrds(world())
	const namespace = await freshNamespace(world(), {team: `t${process.hrtime.bigint()}`})
	const object = profile(namespace, {
		namespaceSelector: {matchLabels: {"kubernetes.io/metadata.name": namespace}},
		dataplane: {mode: "Sidecar"},
		migration: {accept: [risk], waves: {soak: "1s"}},
		...spec,
	})
	await apply(world(), deployment("cart", {namespace}))
	const file = join(freshFolder(), "profile.json")
	writeFileSync(file, JSON.stringify(object))
	onTestFinished(async () => {
		await world().client.delete(MeshProfile, namespace)
	})
	const run = (...args: string[]) => heddle([...args, "--kubeconfig", world().sandbox.kubeconfig])
	return {namespace, file, run, stored: () => world().client.get(MeshProfile, namespace)}
}

test("apply --dry-run shows the plan and stores nothing; apply stores the profile as it was given", async () => {
	const {namespace, file, run, stored} = await scene()
	const dry = await run("apply", "--profile", file, "--dry-run", "-o", "json")
	expect(jsonOf<Plan>(dry).namespaces.map((one) => one.namespace)).toEqual([namespace])
	expect([dry.code, await stored()]).toEqual([0, undefined])
	const real = await run("apply", "--profile", file)
	expect(real.code).toBe(0)
	expect(real.stdout).toContain(`MeshProfile/${namespace} applied`)
	expect((await stored())?.spec.dataplane).toEqual({mode: "Sidecar"})
})

test("apply refuses a profile that catches kube-system, and stores nothing", async () => {
	const {file, run, stored} = await scene({
		namespaceSelector: {matchLabels: {"kubernetes.io/metadata.name": "kube-system"}},
	})
	const refused = await run("apply", "--profile", file)
	expect([refused.code, await stored()]).toEqual([3, undefined])
	expect(refused.stderr).toContain("kube-system")
})

test("migrate without acceptance or operator ends with 3, without consent with 2, and changes nothing", async () => {
	const {namespace, file, run, stored} = await scene({migration: {}})
	const refused = await run("migrate", namespace, "--profile", file, "--yes")
	expect([refused.code, await stored()]).toEqual([3, undefined])
	expect(refused.stderr).toContain(`--accept ${risk}`)
	const nobody = await run("migrate", namespace, "--profile", file, "--accept", risk, "--yes")
	expect([nobody.code, await stored()]).toEqual([3, undefined])
	expect(nobody.stderr).toContain("heddle operator")
	const operator = await startOperator(world(), {namespace})
	await operator.ready()
	const asked = await run("migrate", namespace, "--profile", file, "--accept", risk, "--no-input")
	expect([asked.code, await stored()]).toEqual([2, undefined])
	expect(asked.stderr).toContain("--yes")
})

test("migrate approves and follows to the end, rollback returns, migrate goes there again", async () => {
	const {namespace, file, run} = await scene({
		migration: {approval: "Manual", accept: [risk], waves: {soak: "1s"}},
	})
	const operator = await startOperator(world(), {namespace})
	await operator.ready()
	const there = await run("migrate", namespace, "--profile", file, "--yes", "-o", "json")
	expect(there.code, there.stdout + there.stderr).toBe(0)
	const [status] = jsonOf<StatusDocument>(there).namespaces
	expect(status).toMatchObject({namespace, reason: "UpToDate", from: {dataplane: "istio-sidecar"}})
	expect(there.stderr).toContain(`${namespace}: Roll Deployment/${namespace}/cart`)
	const back = await run("rollback", namespace, "--yes", "-o", "json")
	expect(back.code, back.stderr).toBe(0)
	expect(jsonOf<StatusDocument>(back).namespaces[0]).toMatchObject({
		reason: "RolledBack",
		from: {dataplane: "none"},
	})
	const again = await run("migrate", namespace, "--yes")
	expect(again.code, again.stderr).toBe(0)
	expect((await world().client.get(MeshBinding, "mesh", namespace))?.spec?.target).toBe("Desired")
	const shown = await run("status", namespace)
	expect(shown.stdout).toContain("up to date")
}, 120_000)

test("migrate of what a paused profile decides ends with 4", async () => {
	const {namespace, file, run} = await scene({paused: true})
	const operator = await startOperator(world(), {namespace})
	await operator.ready()
	const paused = await run("migrate", namespace, "--profile", file, "--yes", "-o", "json")
	expect(paused.code, paused.stdout + paused.stderr).toBe(4)
	expect(jsonOf<StatusDocument>(paused).namespaces[0]?.reason).toBe("Paused")
})

test("rollback of what was never migrated ends with 3", async () => {
	const {namespace, run} = await scene()
	const nothing = await run("rollback", namespace, "--yes")
	expect(nothing.code).toBe(3)
	expect(nothing.stderr).toContain("nothing to go back to")
})
