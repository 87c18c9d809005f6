import {setTimeout as sleep} from "node:timers/promises"
import type {Session} from "../session.ts"

type Endings = {
	readonly session: Session
	/** Ctrl-C from outside of the terminal, SIGTERM, or the end of `--timeout`. */
	readonly interrupt: () => void
	/** A bug: the terminal is restored before anybody prints it. */
	readonly fail: (error: unknown) => void
	/** The terminal itself went away. */
	readonly gone: () => void
}

/** Listens for everything that can end the program from outside. Returns what stops the listening. */
export function endOnSignals({session, interrupt, fail, gone}: Endings): () => void {
	const {stdin} = process
	session.signal.addEventListener("abort", interrupt, {once: true})
	const listeners = [
		[process, "SIGHUP", gone],
		[process, "uncaughtException", fail],
		[process, "unhandledRejection", fail],
		[stdin, "end", gone],
		[stdin, "close", gone],
		// A terminal that is gone answers a read with EIO.
		[stdin, "error", gone],
	] as const
	for (const [emitter, name, listener] of listeners) emitter.on(name, listener)
	return () => {
		session.signal.removeEventListener("abort", interrupt)
		for (const [emitter, name, listener] of listeners) emitter.off(name, listener)
	}
}

type Suspend = (callback: () => Promise<void>) => Promise<unknown>

/** Hands the terminal to the shell on Ctrl-Z. Ink gives its part once it runs. */
export function suspender() {
	let suspend: Suspend | undefined
	return {
		use(given: Suspend | undefined) {
			suspend = given
		},
		now() {
			void suspend?.(async () => {
				// The whole job, as the terminal would have done it. Without a shell that takes over nothing stops.
				process.kill(0, "SIGTSTP")
				await sleep(50)
			})
		},
	}
}
export type Suspender = ReturnType<typeof suspender>
