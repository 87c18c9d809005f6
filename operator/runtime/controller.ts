import {randomUUID} from "node:crypto"
import {deadline} from "../kube/abort.ts"
import {isConflict, isKubeError} from "../kube/errors.ts"
import {isNotLeader} from "../kube/lease.ts"
import {scoped} from "../kube/scoped.ts"
import type {Client} from "../kube/types.ts"
import type {WriteGuard} from "../kube/writes.ts"
import {TerminalError, TransientError, ValidationError} from "./errors.ts"
import type {ControllerMetrics} from "./metrics.ts"
import type {Queue} from "./queue.ts"
import type {Controller, Key, Log, ReconcileContext, Result} from "./types.ts"

export type RunnerOptions = {
	readonly controller: Controller
	readonly queue: Queue
	readonly client: Client
	readonly writes: WriteGuard
	readonly metrics: ControllerMetrics
	readonly log: Log
	/** What every reconcile of this controller is given. */
	readonly base: Pick<ReconcileContext, "clock" | "snapshot" | "event">
}

/** How soon to look again whether the cache has caught up with our own writes. */
const caughtUpMs = 50

type Outcome = "success" | "requeue_after" | "requeue" | "error" | "terminal"

/**
 * Runs one controller: keys from the queue to its reconcile, and the outcome back into the queue, by the law of
 * controller-runtime: an error waits longer each time, waiting is no error, success forgets the failures before.
 */
export class ControllerRunner {
	readonly #options: RunnerOptions

	constructor(options: RunnerOptions) {
		this.#options = options
	}

	/** Resolves when the queue is shut down and every worker has finished. */
	async run(signal: AbortSignal): Promise<void> {
		const workers = this.#options.controller.workers ?? 1
		this.#options.metrics.workers(workers)
		await Promise.all(Array.from({length: workers}, () => this.#work(signal)))
	}

	async #work(signal: AbortSignal): Promise<void> {
		const {queue} = this.#options
		for (let key = await queue.get(); key !== undefined; key = await queue.get()) {
			try {
				await this.#handle(key, signal)
			} finally {
				queue.done(key)
			}
		}
	}

	async #handle(key: Key, signal: AbortSignal): Promise<void> {
		const {controller, queue, writes, metrics, log} = this.#options
		if (signal.aborted) return
		if (!writes.caughtUp(this.#guardKey(key))) {
			queue.addAfter(key, caughtUpMs)
			return
		}
		const {namespace, name} = split(key)
		const own = log.child({
			controller: controller.name,
			...(namespace === undefined ? {} : {namespace}),
			name,
			reconcileID: randomUUID(),
		})
		const end = metrics.started()
		let outcome: Outcome = "success"
		try {
			outcome = this.#succeeded(key, await this.#reconcile(key, own, signal))
		} catch (error) {
			outcome = this.#failed(key, error, {log: own, signal})
		}
		end(outcome === "terminal" ? "error" : outcome)
	}

	async #reconcile(key: Key, log: Log, signal: AbortSignal): Promise<Result | undefined> {
		const {controller, client, writes, base} = this.#options
		const limit = deadline(signal, controller.timeoutMs ?? 60_000)
		try {
			return await controller.reconcile(key, {
				...base,
				log,
				signal: limit.signal,
				client: scoped(client, {
					signal: limit.signal,
					written: (object) => writes.record(this.#guardKey(key), object),
				}),
			})
		} finally {
			limit.done()
		}
	}

	#succeeded(key: Key, result: Result | undefined): Outcome {
		const {queue} = this.#options
		queue.forget(key)
		if (result?.requeueAfterMs === undefined) return "success"
		queue.addAfter(key, result.requeueAfterMs)
		return "requeue_after"
	}

	#failed(key: Key, error: unknown, {log, signal}: {log: Log; signal: AbortSignal}): Outcome {
		const {queue, metrics} = this.#options
		// The operator ends, or someone else leads: whoever comes next begins anew.
		if (signal.aborted || isNotLeader(error)) return "requeue"
		if (isConflict(error) || error instanceof TransientError) {
			const retryMs = queue.addRateLimited(key)
			log.debug("Reconcile is tried again", {error, retryMs})
			return "requeue"
		}
		if (error instanceof ValidationError || error instanceof TerminalError) {
			queue.forget(key)
			metrics.terminal()
			log.error("Reconcile failed and is not tried again before a change", {error})
			return "terminal"
		}
		if (isBug(error)) metrics.panicked()
		const asked = isKubeError(error) ? error.retryAfterMs : undefined
		const retryMs = Math.max(queue.addRateLimited(key), asked ?? 0)
		log.error("Reconcile failed", {error, retryMs, failures: queue.failures(key)})
		return "error"
	}

	#guardKey(key: Key): string {
		return writerOf(this.#options.controller, key)
	}
}

/** Who wrote, for the write guard: two controllers may use the same keys for different things. */
export const writerOf = ({name}: Controller, key: Key): string => `${name}/${key}`

/** What a panic is in Go: the code is wrong, not the world. */
function isBug(error: unknown): boolean {
	return error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError
}

function split(key: Key): {readonly namespace?: string; readonly name: string} {
	const slash = key.indexOf("/")
	return slash < 0 ? {name: key} : {namespace: key.slice(0, slash), name: key.slice(slash + 1)}
}
