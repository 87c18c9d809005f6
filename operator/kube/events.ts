import {createHash, randomUUID} from "node:crypto"
import {fieldManagers} from "../api/names.ts"
import {microTime} from "./micro-time.ts"
import type {Client} from "./types.ts"

export type EventToRecord = {
	readonly regarding: {
		readonly apiVersion: string
		readonly kind: string
		readonly metadata: {readonly name: string; readonly namespace?: string; readonly uid?: string}
	}
	readonly type: "Normal" | "Warning"
	/** The reason of the condition whose transition it tells. */
	readonly reason: string
	/** What was being done, as one CamelCase verb, such as Roll. */
	readonly action: string
	readonly message: string
}

export type RecorderOptions = {
	readonly client: Client
	/** The name of this process, as Events show it. */
	readonly instance: string
	/** The same event of the same object is not told again this soon. */
	readonly quietMs?: number
	readonly now?: () => Date
	readonly onFailure?: (error: unknown) => void
}

const mostRemembered = 10_000
/** In bytes, though the API calls them characters. */
const longestNote = 1024

/** Tells of transitions by Events. Losing one does no harm: status is the record, Events are the news. */
export class EventRecorder {
	readonly #options: RecorderOptions
	readonly #told = new Map<string, number>()
	readonly #underWay = new Set<Promise<void>>()

	constructor(options: RecorderOptions) {
		this.#options = options
	}

	/** Returns at once; writing it is nobody's to wait for. */
	record(event: EventToRecord): void {
		const now = this.#options.now?.() ?? new Date()
		const key = createHash("sha256")
			.update(JSON.stringify([event.regarding.kind, event.regarding.metadata, event.reason, event.message]))
			.digest("base64")
		const last = this.#told.get(key)
		if (last !== undefined && now.getTime() - last < (this.#options.quietMs ?? 600_000)) return
		if (this.#told.size >= mostRemembered) this.#told.clear()
		this.#told.set(key, now.getTime())
		const write: Promise<void> = this.#write(event, now)
			.catch((error) => this.#options.onFailure?.(error))
			.finally(() => this.#underWay.delete(write))
		this.#underWay.add(write)
	}

	/** Resolves when what was recorded is written, or has failed. */
	async flush(): Promise<void> {
		await Promise.all(this.#underWay)
	}

	async #write({regarding, type, reason, action, message}: EventToRecord, now: Date): Promise<void> {
		const {name, namespace, uid} = regarding.metadata
		const event = {
			apiVersion: "events.k8s.io/v1",
			kind: "Event",
			// Events of cluster-scoped objects live in the namespace default, by convention.
			metadata: {
				name: `${name.slice(0, 200)}.${randomUUID().slice(0, 18)}`,
				namespace: namespace ?? "default",
			},
			eventTime: microTime(now),
			reportingController: "heddle.dev/operator",
			reportingInstance: this.#options.instance,
			action,
			reason,
			type,
			note: shortened(message),
			regarding: {apiVersion: regarding.apiVersion, kind: regarding.kind, name, namespace, uid},
		}
		await this.#options.client.create(event, {manager: fieldManagers.status})
	}
}

function shortened(message: string): string {
	const bytes = Buffer.from(message)
	if (bytes.length <= longestNote) return message
	// A character that is cut in two becomes a replacement character, which goes.
	return `${bytes
		.subarray(0, longestNote - 3)
		.toString()
		.replace(/\uFFFD$/, "")}…`
}
