import {chmodSync, existsSync, mkdirSync, writeFileSync} from "node:fs"
import {join} from "node:path"
import {beforeEach, expect, onTestFinished, test} from "vitest"
import type {StepEvent} from "../events.ts"
import {temporaryFolder} from "../temporary-folder.ts"
import {binary} from "./catalogue.ts"
import {binaryCache, cacheNames, resolve} from "./resolve.ts"

const etcd = binary("etcd")
let home: string
let env: NodeJS.ProcessEnv
let events: StepEvent[]
const onEvent = (event: StepEvent) => events.push(event)

beforeEach(() => {
	home = temporaryFolder(onTestFinished)
	env = {XDG_CACHE_HOME: join(home, "cache"), PATH: join(home, "path"), HEDDLE_OFFLINE: "1"}
	events = []
})

function program(path: string, version: string): string {
	mkdirSync(join(path, ".."), {recursive: true})
	writeFileSync(path, `#!/bin/sh\necho "etcd Version: ${version}"\n`)
	chmodSync(path, 0o755)
	return path
}

const build = async (_binary: unknown, target: string) => void program(target, etcd.version)
const neverBuild = () => Promise.reject(new Error("must not build"))

test("an explicit path comes first", async () => {
	const path = program(join(home, "mine"), "9.9.9")
	program(join(home, "path", "etcd"), etcd.version)
	const found = await resolve(etcd, {onEvent, env: {...env, HEDDLE_BIN_ETCD: path}, build: neverBuild})
	expect(found).toMatchObject({path, source: "explicit", version: "9.9.9"})
})

test("an explicit path that is no program is an error, not a reason to look elsewhere", async () => {
	program(join(home, "path", "etcd"), etcd.version)
	const wrong = {...env, HEDDLE_BIN_ETCD: join(home, "nothing")}
	await expect(resolve(etcd, {onEvent, env: wrong, build: neverBuild})).rejects.toThrow(
		/HEDDLE_BIN_ETCD is .*nothing/,
	)
})

test("an explicit folder may lack a program", async () => {
	const path = program(join(home, "path", "etcd"), etcd.version)
	mkdirSync(join(home, "folder"))
	const found = await resolve(etcd, {
		onEvent,
		env: {...env, HEDDLE_BIN_DIR: join(home, "folder")},
		build: neverBuild,
	})
	expect(found).toMatchObject({path, source: "path"})
})

test("the wrong version on PATH is passed over with a note", async () => {
	program(join(home, "path", "etcd"), "3.4.0")
	const found = await resolve(etcd, {onEvent, env, build})
	expect(found.source).toBe("build")
	expect(events.some(({note}) => note?.includes("3.4.0") && note.includes("passed over"))).toBe(true)
})

test("what was built is in the cache the next time", async () => {
	await resolve(etcd, {onEvent, env, build})
	const again = await resolve(etcd, {onEvent, env, build: neverBuild})
	expect(again).toMatchObject({source: "cache", path: join(binaryCache(env), cacheNames(etcd).built)})
})

test("offline, the events say why it builds, and how long that takes", async () => {
	await resolve(etcd, {onEvent, env, build})
	expect(events.some(({note}) => note?.includes("HEDDLE_OFFLINE"))).toBe(true)
	expect(events.some(({estimateMs = 0}) => estimateMs > 0)).toBe(true)
	expect(events.at(-1)?.state).toBe("done")
})

test("a download that works makes a build unnecessary", async () => {
	const fetchRelease = async (_release: unknown, target: string) => void program(target, etcd.version)
	const found = await resolve(etcd, {onEvent, env, build: neverBuild, fetchRelease})
	expect(found.source).toBe(process.platform === "linux" ? "download" : "build")
})

test("callers at the same time share one build", async () => {
	let builds = 0
	const slow = async (_binary: unknown, target: string) => {
		builds++
		await new Promise((done) => setTimeout(done, 50))
		program(target, etcd.version)
	}
	const found = await Promise.all([1, 2, 3].map(() => resolve(etcd, {onEvent, env, build: slow})))
	expect(builds).toBe(1)
	expect(new Set(found.map(({path}) => path)).size).toBe(1)
})

test("a failed build is reported and leaves no file", async () => {
	const broken = () => Promise.reject(new Error("undefined: x"))
	await expect(resolve(etcd, {onEvent, env, build: broken})).rejects.toThrow("undefined: x")
	expect(events.at(-1)).toMatchObject({state: "failed"})
	expect(existsSync(join(binaryCache(env), cacheNames(etcd).built))).toBe(false)
})
