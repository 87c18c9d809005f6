import {spawn} from "node:child_process"
import {once} from "node:events"
import {readdirSync, writeFileSync} from "node:fs"
import {join} from "node:path"
import {expect, onTestFinished, test} from "vitest"
import {temporaryFolder} from "../temporary-folder.ts"
import {lock, tryLock, withLock} from "./lock.ts"

const folder = () => temporaryFolder(onTestFinished)

test("one holder at a time, the next after the release", () => {
	const at = folder()
	const first = tryLock(at)
	expect(first).toBeDefined()
	expect(tryLock(at)).toBeUndefined()
	first?.release()
	const second = tryLock(at)
	expect(second).toBeDefined()
	second?.release()
	expect(readdirSync(at)).toHaveLength(1)
})

test("a recycled pid does not hold a lock", () => {
	const at = folder()
	writeFileSync(join(at, "00000007"), JSON.stringify({holder: {pid: process.pid, start: "1"}}))
	expect(tryLock(at)).toBeDefined()
})

test("the lock of a killed process is taken over", async () => {
	const at = folder()
	const module = new URL("./lock.ts", import.meta.url).href
	const script = `import {tryLock} from ${JSON.stringify(module)}; tryLock(${JSON.stringify(at)}); console.log("held"); setInterval(() => {}, 1000)`
	const child = spawn(process.execPath, ["--input-type=module-typescript", "-e", script], {
		stdio: ["ignore", "pipe", "inherit"],
	})
	await once(child.stdout, "data")
	expect(tryLock(at)).toBeUndefined()
	child.kill("SIGKILL")
	await once(child, "exit")
	expect(tryLock(at)).toBeDefined()
})

test("contenders never overlap", async () => {
	const at = folder()
	let inside = 0
	let most = 0
	const work = () =>
		withLock(at, {pollMs: 1}, async () => {
			most = Math.max(most, ++inside)
			await new Promise((done) => setTimeout(done, 2))
			inside--
		})
	await Promise.all(Array.from({length: 12}, work))
	expect(most).toBe(1)
})

test("waiting ends with the signal", async () => {
	const at = folder()
	const held = tryLock(at)
	await expect(lock(at, {signal: AbortSignal.timeout(30), pollMs: 5})).rejects.toThrow()
	held?.release()
})
