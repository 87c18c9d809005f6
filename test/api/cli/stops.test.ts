import {writeFileSync} from "node:fs"
import {join} from "node:path"
import {expect, onTestFinished, test} from "vitest"
import {MeshBinding, MeshProfile} from "../../../operator/api/kinds.ts"
import {apply, installCrds} from "../../kit/apply.ts"
import {heddle, jsonOf} from "../../kit/cli.ts"
import {startOperator} from "../../kit/operator.ts"
import {freshNamespace, useWorld} from "../../kit/sandbox.ts"
import {deployment, profile} from "../../kit/shop.ts"
import {freshFolder} from "./folder.ts"

const world = useWorld()

async function scene() {
	await installCrds(world())
	const namespace = await freshNamespace(world(), {team: `t${process.hrtime.bigint()}`})
	const object = profile(namespace, {
		namespaceSelector: {matchLabels: {"kubernetes.io/metadata.name": namespace}},
		dataplane: {mode: "Sidecar"},
		migration: {accept: ["NoReadinessProbe"], approval: "Manual", waves: {soak: "1s"}},
	})
	await apply(world(), deployment("cart", {namespace}))
	await apply(world(), object)
	onTestFinished(async () => {
		await world().client.delete(MeshProfile, namespace)
	})
	const operator = await startOperator(world(), {namespace})
	await operator.ready()
	const file = join(freshFolder(), "profile.json")
	writeFileSync(file, JSON.stringify(object))
	const run = (...args: string[]) => heddle([...args, "--kubeconfig", world().sandbox.kubeconfig])
	return {namespace, run, binding: () => world().client.get(MeshBinding, "mesh", namespace)}
}

test("pause holds a namespace and its profile, migrate then ends with 4, resume lets it go on to the end", async () => {
	const {namespace, run, binding} = await scene()
	const waiting = await run("migrate", namespace, "--yes", "--timeout", "1ms")
	expect(waiting.code).not.toBe(0)
	const dry = await run("pause", namespace, "--profile", namespace, "--dry-run")
	expect([dry.code, (await binding())?.spec?.hold]).toEqual([0, false])
	const paused = await run("pause", namespace, "-o", "json")
	expect(paused.code, paused.stderr).toBe(0)
	expect((await binding())?.spec?.hold).toBe(true)
	const held = await run("migrate", namespace, "--yes", "-o", "json")
	expect(held.code, held.stderr).toBe(4)
	expect(jsonOf<{namespaces: {reason: string}[]}>(held).namespaces[0]?.reason).toBe("Held")
	expect((await run("pause", "--profile", namespace)).stdout).toContain("is paused")
	expect((await run("resume", namespace)).stdout).toContain(`${namespace} goes on`)
	const still = await run("migrate", namespace, "--yes", "-o", "json")
	expect(jsonOf<{namespaces: {reason: string}[]}>(still).namespaces[0]?.reason).toBe("Paused")
	const resumed = await run("resume", "--profile", namespace, "-o", "json")
	expect(jsonOf(resumed)).toMatchObject({kind: "Status", profiles: [{name: namespace, paused: false}]})
	const there = await run("migrate", namespace, "--yes")
	expect(there.code, there.stderr).toBe(0)
	expect((await binding())?.spec?.hold).toBe(false)
}, 120_000)

test("what is not there is not paused, nor is anything else that was named", async () => {
	const {namespace, run, binding} = await scene()
	const gone = await run("pause", namespace, "--profile", "no-such-profile")
	expect([gone.code, (await binding())?.spec?.hold]).toEqual([3, false])
	expect(gone.stderr).toContain("there is no MeshProfile no-such-profile")
	const nothing = await run("resume")
	expect(nothing.code).toBe(2)
	expect(nothing.stderr).toContain("nothing was named")
}, 60_000)

test("status --watch without a terminal tells each change in a line", async () => {
	const {namespace, run} = await scene()
	const watched = run("status", namespace, "--watch", "--timeout", "15s")
	await run("pause", namespace)
	const {stdout, code} = await watched
	expect(code).toBe(5)
	const lines = stdout.trim().split("\n")
	expect(lines.every((line) => line.startsWith(`${namespace}: `))).toBe(true)
	expect(lines.at(-1)).toContain("held")
}, 60_000)
