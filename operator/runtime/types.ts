import type {Kind} from "../../profiles/snapshot/kinds.ts"
import type {Snapshot} from "../../profiles/snapshot/snapshot.ts"
import type {EventToRecord} from "../kube/events.ts"
import type {Change, Client} from "../kube/types.ts"

/** A key of the workqueue: a namespace's or an object's name, whatever the controller reconciles by. */
export type Key = string

/** Which keys a change of a kind concerns. Pure, and cheap: it runs for every event. */
export type Watch = {readonly kind: Kind; keys(change: Change, snapshot: Snapshot): Iterable<Key>}

/** `requeueAfterMs` is for waiting. Retrying is for errors: throw. */
export type Result = {readonly requeueAfterMs?: number}

/** Constant message first, the rest as fields. */
export interface Log {
	debug(message: string, fields?: object): void
	info(message: string, fields?: object): void
	warn(message: string, fields?: object): void
	error(message: string, fields?: object): void
	child(fields: object): Log
}

/** What a reconcile is given; everything else it needs is closed over by the controller. */
export type ReconcileContext = {
	/** Aborted by the timeout of one reconcile, by a lost lease, and by the end of the operator. */
	readonly signal: AbortSignal
	readonly log: Log
	readonly clock: Clock
	/**
	 * Ends its requests with the signal, writes only while the lease is held, and notes what it wrote: the key is
	 * not reconciled again before the caches have seen it.
	 */
	readonly client: Client
	/** Tells of a transition; returns at once. */
	readonly event: (event: EventToRecord) => void
	/** The caches at this moment. Use it before the first await: later it may have moved on. */
	readonly snapshot: Snapshot
}

export type Controller = {
	/** The value of the label `controller` in logs and metrics. */
	readonly name: string
	readonly watches: readonly Watch[]
	/** Keys that run at the same time; 1 when left out. */
	readonly workers?: number
	/** Aborts a reconcile that takes longer; 60 s when left out. */
	readonly timeoutMs?: number
	/** All keys are looked at again at this interval, spread by a tenth; never when left out. */
	readonly resyncMs?: number
	/** Every key there is: for the start and the resync. */
	keys(snapshot: Snapshot): Iterable<Key>
	reconcile(key: Key, context: ReconcileContext): Promise<Result | undefined>
}

export interface Clock {
	/** Milliseconds since 1970. */
	now(): number
	/** Milliseconds that never run backwards. */
	monotonic(): number
	setTimer(delayMs: number, run: () => void): {cancel(): void}
}
