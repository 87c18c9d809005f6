import {randomBytes} from "node:crypto"
import {hostname} from "node:os"
import {setTimeout as sleep} from "node:timers/promises"
import type {Http} from "../../../operator/kube/http.ts"
import {Lease} from "../../../operator/kube/lease.ts"
import {AbortError} from "../../abort.ts"
import {exit} from "../../exit.ts"
import type {ApplySet} from "./apply-set.ts"
import {home, leaseName} from "./apply-set.ts"

type LockOptions = {
	readonly http: Http
	readonly set: ApplySet
	readonly signal: AbortSignal
	/** How long to wait for another one that is at it. */
	readonly patienceMs: number
	readonly onWait: (holder: string) => void
}

/** A holder that was killed is known to be gone after this long. */
const durationMs = 15_000

/**
 * Runs `work` while nobody else installs the same release. Its signal ends the work when the lock is lost.
 * @throws AbortError when another one holds it for longer than is waited
 */
export async function withLock<T>(
	{http, set, signal, patienceMs, onWait}: LockOptions,
	work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
	const lease = await acquire({http, set, signal, patienceMs, onWait})
	const ending = new AbortController()
	const both = AbortSignal.any([signal, ending.signal])
	const kept = lease.keep(both).then((end) => {
		if (end === "lost") ending.abort(lost(set))
	})
	try {
		return await work(both)
	} finally {
		ending.abort()
		await kept
		await lease.release()
	}
}

async function acquire({http, set, signal, patienceMs, onWait}: LockOptions): Promise<Lease> {
	const identity = `${hostname()}_${randomBytes(4).toString("hex")}`
	let failure: unknown
	const onFailure = (error: unknown) => {
		failure = error
	}
	const lease = new Lease({http, namespace: home, name: leaseName(set), identity, durationMs, onFailure})
	const limit = AbortSignal.timeout(patienceMs)
	const telling = tellHolder(lease, limit, onWait)
	try {
		await lease.acquire(AbortSignal.any([signal, limit]))
		return lease
	} catch (error) {
		if (signal.aborted || !limit.aborted) throw error
		if (lease.holder === undefined && failure !== undefined) throw failure
		throw new AbortError(
			"AnotherInstall",
			`another install of ${set.release} is under way: ${lease.holder ?? "somebody"} holds the Lease ${home}/${leaseName(set)}`,
			{
				exit: exit.refused,
				tryMessage:
					"Wait until it is through, or give it longer with --wait-for-lock, such as --wait-for-lock 10m.",
				cause: error,
			},
		)
	} finally {
		telling.abort()
	}
}

/** Says once who is in the way. */
function tellHolder(lease: Lease, limit: AbortSignal, onWait: (holder: string) => void): AbortController {
	const ending = new AbortController()
	const signal = AbortSignal.any([limit, ending.signal])
	const look = async () => {
		while (lease.holder === undefined) await sleep(100, undefined, {signal})
		onWait(lease.holder)
	}
	look().catch(() => {}) // it was ours before there was anything to tell
	return ending
}

function lost(set: ApplySet): AbortError {
	return new AbortError("LockLost", `the Lease ${home}/${leaseName(set)} could not be renewed`, {
		exit: exit.stopped,
		tryMessage: "The API server was not reached for a while. The same command resumes.",
	})
}
