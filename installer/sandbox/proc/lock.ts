import {linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync} from "node:fs"
import {join} from "node:path"
import {setTimeout as sleep} from "node:timers/promises"
import {codeOf, SandboxError} from "../errors.ts"
import {isRunning, type ProcessId, processId} from "./process-id.ts"

/**
 * A lock between processes that survives its holder's SIGKILL.
 *
 * It is a folder of numbered tickets; the highest number is the current one. A ticket whose holder is gone or has
 * released it may be followed by the next number, and creating that number is atomic (link fails if it is there).
 * Old tickets are removed by later holders only, so the highest number never disappears and nobody can create a
 * lower one and believe in it: after creating a ticket one checks that it still is the highest.
 * Taking over by "delete the stale file, create mine" has no such order: two waiters can each delete the other's.
 */
export type Lock = {release(): void}

type Ticket = {holder?: ProcessId; released?: boolean}

const nameOf = (serial: number) => String(serial).padStart(8, "0")

export function tryLock(folder: string): Lock | undefined {
	const me = processId(process.pid)
	if (!me)
		throw new SandboxError("cannot read this process' own start time", "Is /proc mounted, or `ps` installed?")
	mkdirSync(folder, {recursive: true, mode: 0o700})
	const current = highest(folder)
	if (current > 0 && isHeld(folder, current)) return undefined
	const mine = current + 1
	if (!create(folder, mine, {holder: me})) return undefined
	if (highest(folder) !== mine) {
		rmSync(join(folder, nameOf(mine)), {force: true})
		return undefined
	}
	removeBelow(folder, mine)
	return {release: () => write(folder, mine, {released: true})}
}

export type WaitOptions = {
	signal?: AbortSignal | undefined
	onWait?: (holder: number | undefined) => void
	pollMs?: number
}

export async function lock(folder: string, {signal, onWait, pollMs = 150}: WaitOptions = {}): Promise<Lock> {
	for (;;) {
		signal?.throwIfAborted()
		const got = tryLock(folder)
		if (got) return got
		onWait?.(read(folder, highest(folder))?.holder?.pid)
		await sleep(pollMs, undefined, signal ? {signal} : {})
	}
}

export async function withLock<T>(folder: string, options: WaitOptions, work: () => Promise<T>): Promise<T> {
	const held = await lock(folder, options)
	try {
		return await work()
	} finally {
		held.release()
	}
}

function highest(folder: string): number {
	return readdirSync(folder).reduce(
		(max, name) => (/^\d{8}$/.test(name) ? Math.max(max, Number(name)) : max),
		0,
	)
}

function isHeld(folder: string, serial: number): boolean {
	const ticket = read(folder, serial)
	return ticket?.holder !== undefined && !ticket.released && isRunning(ticket.holder)
}

function read(folder: string, serial: number): Ticket | undefined {
	try {
		return JSON.parse(readFileSync(join(folder, nameOf(serial)), "utf8"))
	} catch {
		return undefined
	}
}

/** Tickets appear whole: written aside first, so that nobody reads a half-written holder as "nobody". */
function aside(folder: string, ticket: Ticket): string {
	const path = join(folder, `.${process.pid}-${Math.random().toString(36).slice(2)}`)
	writeFileSync(path, JSON.stringify(ticket), {mode: 0o600})
	return path
}

function create(folder: string, serial: number, ticket: Ticket): boolean {
	const path = aside(folder, ticket)
	try {
		linkSync(path, join(folder, nameOf(serial)))
		return true
	} catch (error) {
		if (codeOf(error) === "EEXIST") return false
		throw error
	} finally {
		rmSync(path, {force: true})
	}
}

/** The folder may be gone by now (`down` removes a whole sandbox): then there is nothing left to release. */
function write(folder: string, serial: number, ticket: Ticket): void {
	try {
		renameSync(aside(folder, ticket), join(folder, nameOf(serial)))
	} catch (error) {
		if (codeOf(error) !== "ENOENT") throw error
	}
}

function removeBelow(folder: string, serial: number): void {
	for (const name of readdirSync(folder)) {
		if (/^\d{8}$/.test(name) && Number(name) < serial) rmSync(join(folder, name), {force: true})
	}
}
