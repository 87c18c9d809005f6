import {createServer} from "node:net"
import {tmpdir} from "node:os"
import {join} from "node:path"
import {expect, onTestFinished, test} from "vitest"
import {temporaryFolder} from "../temporary-folder.ts"
import {end, marked} from "./end.ts"
import {freePort, freePorts, isOpen, waitClosed} from "./ports.ts"
import {isRunning, processId} from "./process-id.ts"
import {spawnDaemon} from "./spawn.ts"

const sleeper = (mark: string) => {
	const cwd = temporaryFolder(onTestFinished)
	const args = ["-e", "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)"]
	return spawnDaemon({name: "sleeper", command: process.execPath, args, cwd, log: join(cwd, "log"), mark})
}

test("a process that ignores a polite request is ended all the same", async () => {
	const id = await sleeper("mark-polite")
	expect(isRunning(id)).toBe(true)
	await end([id], 100)
	expect(isRunning(id)).toBe(false)
})

test("a pid with another start time is left alone", async () => {
	const id = await sleeper("mark-recycled")
	await end([{pid: id.pid, start: "1"}], 0)
	expect(isRunning(id)).toBe(true)
	await end([id], 0)
})

test.runIf(process.platform === "linux")("an unrecorded process is found by its mark", async () => {
	const id = await sleeper("mark-lost")
	expect(marked("mark-lost")).toEqual([id])
	await end(marked("mark-lost"), 0)
	expect(marked("mark-lost")).toEqual([])
})

test("a command that does not exist says so", async () => {
	const cwd = tmpdir()
	const daemon = {
		name: "ghost",
		command: "/nonexistent/ghost",
		args: [],
		cwd,
		log: join(cwd, "heddle-ghost.log"),
		mark: "m",
	}
	await expect(spawnDaemon(daemon)).rejects.toThrow(/cannot start ghost/)
})

test("this process has an id", () => {
	expect(processId(process.pid)?.pid).toBe(process.pid)
})

test("ports are free, different and seen to close", async () => {
	const ports = await freePorts(5)
	expect(new Set(ports).size).toBe(5)
	const port = await freePort()
	const server = createServer()
	await new Promise<void>((done) => server.listen(port, "127.0.0.1", done))
	expect(await isOpen(port)).toBe(true)
	expect(await waitClosed([port], 50)).toEqual([port])
	server.close()
	expect(await waitClosed([port], 2000)).toEqual([])
})
