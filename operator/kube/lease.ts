import {sleep} from "./abort.ts"
import {jittered} from "./backoff.ts"
import {isConflict, isKubeError, isNotFound, KubeError} from "./errors.ts"
import type {Http} from "./http.ts"
import {microTime} from "./micro-time.ts"
import {doingOf, pathOf} from "./paths.ts"

type LeaseObject = {
	readonly apiVersion: "coordination.k8s.io/v1"
	readonly kind: "Lease"
	readonly metadata: {readonly name: string; readonly namespace: string; readonly resourceVersion?: string}
	readonly spec?: {
		readonly holderIdentity?: string
		readonly leaseDurationSeconds?: number
		readonly acquireTime?: string
		readonly renewTime?: string
		readonly leaseTransitions?: number
	}
}

export type LeaseOptions = {
	/** One of its own, with short time limits: renewals must not queue behind lists. */
	readonly http: Http
	readonly namespace: string
	readonly name: string
	/** Unique to this process: host name and a random part. */
	readonly identity: string
	readonly durationMs?: number
	readonly renewDeadlineMs?: number
	readonly retryMs?: number
	/** Monotonic, in milliseconds. */
	readonly now?: () => number
	/** For the times in the object, which are for people only. */
	readonly wallClock?: () => Date
	readonly onFailure?: (error: unknown) => void
}

const place = {group: "coordination.k8s.io", version: "v1", plural: "leases", namespaced: true}

/**
 * Leader election by a Lease. Never compares the clocks of two machines: another holder is gone when its Lease has
 * not changed for the whole duration by our own clock, counted from when we saw it change.
 */
export class Lease {
	readonly #options: LeaseOptions
	readonly #durationMs: number
	readonly #renewDeadlineMs: number
	readonly #retryMs: number
	readonly #now: () => number
	#observed: {readonly object: LeaseObject; readonly at: number} | undefined
	#heldUntil = Number.NEGATIVE_INFINITY
	#released = false

	constructor(options: LeaseOptions) {
		this.#options = options
		this.#durationMs = options.durationMs ?? 15_000
		this.#renewDeadlineMs = options.renewDeadlineMs ?? 10_000
		this.#retryMs = options.retryMs ?? 2_000
		this.#now = options.now ?? (() => performance.now())
	}

	/** Nobody else can hold it before this moment, by the monotonic clock. Minus infinity when we do not. */
	get heldUntil(): number {
		return this.#heldUntil
	}

	isHeld(): boolean {
		return this.#now() < this.#heldUntil
	}

	/** Who holds it, as last seen. */
	get holder(): string | undefined {
		return this.#observed?.object.spec?.holderIdentity || undefined
	}

	/** Resolves once we hold it. Rejects with the signal's reason. */
	async acquire(signal: AbortSignal): Promise<void> {
		while (!(await this.#attempt(signal))) await sleep(jittered(this.#retryMs), signal)
	}

	/** Renews until the signal ends it. Resolves `lost` when the lease could not be renewed in time. */
	async keep(signal: AbortSignal): Promise<"ended" | "lost"> {
		while (!signal.aborted) {
			await sleep(this.#retryMs, signal).catch(() => undefined)
			if (signal.aborted) return "ended"
			await this.#attempt(signal)
			// Stops before the duration is over: what is under way needs a moment to end, too.
			if (this.#now() > this.#heldUntil - (this.#durationMs - this.#renewDeadlineMs)) {
				this.#heldUntil = Number.NEGATIVE_INFINITY
				return "lost"
			}
		}
		return "ended"
	}

	/** Gives it up, so that the next one need not wait for it to run out. */
	async release(): Promise<void> {
		const wasHeld = this.isHeld()
		this.#released = true
		this.#heldUntil = Number.NEGATIVE_INFINITY
		const observed = this.#observed?.object
		if (!wasHeld || observed === undefined) return
		const spec = {...observed.spec, holderIdentity: "", leaseDurationSeconds: 1, renewTime: this.#wallTime()}
		await this.#put({...observed, spec}).catch((error) => this.#options.onFailure?.(error))
	}

	/** One try to take it or to renew it. Failures of the API are told, and tried again. */
	async #attempt(signal: AbortSignal): Promise<boolean> {
		const started = this.#now()
		try {
			const current = await this.#read(signal)
			if (current !== undefined) this.#observe(current)
			if (current !== undefined && !this.#isFree(current)) {
				this.#heldUntil = Number.NEGATIVE_INFINITY
				return false
			}
			const taken = await this.#put(this.#next(current), signal)
			if (this.#released) return false
			this.#observe(taken)
			// From before the request: that is when the others may have begun to count.
			this.#heldUntil = started + this.#durationMs
			return true
		} catch (error) {
			if (!signal.aborted && !isConflict(error)) this.#options.onFailure?.(error)
			return false
		}
	}

	#observe(object: LeaseObject): void {
		const {resourceVersion} = this.#observed?.object.metadata ?? {}
		if (resourceVersion === undefined || resourceVersion !== object.metadata.resourceVersion)
			this.#observed = {object, at: this.#now()}
	}

	#isFree({spec}: LeaseObject): boolean {
		if (!spec?.holderIdentity || spec.holderIdentity === this.#options.identity) return true
		const durationMs = (spec.leaseDurationSeconds ?? this.#durationMs / 1_000) * 1_000
		return this.#now() - (this.#observed?.at ?? this.#now()) >= durationMs
	}

	#next(current: LeaseObject | undefined): LeaseObject {
		const {identity, name, namespace} = this.#options
		const now = this.#wallTime()
		const isOurs = current?.spec?.holderIdentity === identity
		return {
			apiVersion: "coordination.k8s.io/v1",
			kind: "Lease",
			metadata: current?.metadata ?? {name, namespace},
			spec: {
				...current?.spec,
				holderIdentity: identity,
				leaseDurationSeconds: Math.max(1, Math.ceil(this.#durationMs / 1_000)),
				acquireTime: isOurs ? (current.spec?.acquireTime ?? now) : now,
				renewTime: now,
				leaseTransitions: (current?.spec?.leaseTransitions ?? 0) + (current === undefined || isOurs ? 0 : 1),
			},
		}
	}

	#wallTime(): string {
		return microTime(this.#options.wallClock?.() ?? new Date())
	}

	async #read(signal: AbortSignal): Promise<LeaseObject | undefined> {
		const {namespace, name} = this.#options
		const target = {namespace, name}
		try {
			return (await this.#options.http.request({
				method: "GET",
				path: pathOf(place, target),
				doing: doingOf("get", place, target),
				signal,
			})) as LeaseObject
		} catch (error) {
			if (isNotFound(error)) return undefined
			throw error
		}
	}

	/** Creates it, or patches it if it is still of the version that was read: two that race cannot both win. */
	async #put(lease: LeaseObject, signal?: AbortSignal): Promise<LeaseObject> {
		const {namespace, name, resourceVersion} = lease.metadata
		const target = {namespace, name}
		const query = {fieldManager: "heddle/lease"}
		const common = {body: lease, signal}
		const answer = await (resourceVersion === undefined
			? this.#options.http.request({
					...common,
					method: "POST",
					path: pathOf(place, {namespace}, query),
					doing: doingOf("create", place, target),
				})
			: this.#options.http.request({
					...common,
					method: "PATCH",
					contentType: "application/merge-patch+json",
					path: pathOf(place, target, query),
					body: {metadata: {resourceVersion}, spec: lease.spec},
					doing: doingOf("patch", place, target),
				}))
		return answer as LeaseObject
	}
}

/** Thrown before a write of a process that no longer holds the lease. */
export function notLeader(): KubeError {
	return new KubeError({
		code: 0,
		reason: "NotLeader",
		said: "this process does not hold the lease",
		doing: {verb: "write", resource: "anything"},
	})
}
export const isNotLeader = (error: unknown) => isKubeError(error) && error.reason === "NotLeader"
