import {Agent, type Dispatcher, ProxyAgent, request} from "undici"
import {deadline, sleep, TimedOut} from "./abort.ts"
import {jittered} from "./backoff.ts"
import type {ClusterConfig, Credentials, Tls} from "./config.ts"
import {ConfigError} from "./config-error.ts"
import {type Doing, errorOfResponse, errorOfTransport, isKubeError, isTransport, KubeError} from "./errors.ts"
import {Limiter, type Limits} from "./limiter.ts"

/** One request that ended, for metrics. `code` is the HTTP status, or `<error>` when there was none. */
export type RequestMetric = {
	readonly method: string
	readonly code: string
	readonly host: string
	readonly durationMs: number
}

export type HttpOptions = {
	readonly config: ClusterConfig
	readonly limits?: Limits
	/** How long an answer may take in full: a read of one object or a write, and a page of a list. */
	readonly timeoutsMs?: {readonly single?: number; readonly list?: number}
	/** Tries of one request, the first among them; 5 when left out. */
	readonly attempts?: number
	readonly onRequest?: (metric: RequestMetric) => void
	/** Runs before each try of a write; throws when this process may no longer write. */
	readonly beforeWrite?: () => void
	readonly userAgent?: string
}

export type HttpRequest = {
	readonly method: "GET" | "POST" | "PATCH" | "DELETE"
	/** From the slash on, with the query. */
	readonly path: string
	readonly doing: Doing
	readonly body?: unknown
	readonly contentType?: string
	readonly accept?: string
	readonly signal?: AbortSignal | undefined
	/** A second try does no harm; true for all but POST. */
	readonly repeatable?: boolean
	/** Changes nothing in the cluster, though it is no GET: an access review. */
	readonly harmless?: boolean
}

export interface Http {
	/** The parsed body. */
	request(request: HttpRequest): Promise<unknown>
	/** The bytes of an endless answer; the caller ends it by its signal. */
	stream(request: Omit<HttpRequest, "method" | "body">, signal: AbortSignal): Promise<AsyncIterable<Buffer>>
	close(): Promise<void>
}

/** How long credentials are used before the files are looked at again. */
const credentialsMs = 10_000
const longestRetryAfterMs = 60_000

/** HTTP to one API server, over one pool of kept-alive connections. */
export function openHttp(options: HttpOptions): Http {
	return new UndiciHttp(options)
}

class UndiciHttp implements Http {
	readonly #options: HttpOptions
	readonly #limiter: Limiter
	readonly #closing = new AbortController()
	#pool: {readonly dispatcher: Dispatcher; readonly tls: Tls} | undefined
	#credentials: {readonly value: Promise<Credentials>; readonly until: number} | undefined

	constructor(options: HttpOptions) {
		this.#options = options
		this.#limiter = new Limiter(options.limits)
	}

	async request(request: HttpRequest): Promise<unknown> {
		const attempts = this.#options.attempts ?? 5
		for (let attempt = 1; ; attempt++) {
			try {
				return await this.#once(request)
			} catch (error) {
				const waitMs = attempt < attempts ? retryDelay(error, attempt, request) : undefined
				if (waitMs === undefined) throw error
				await sleep(waitMs, request.signal ?? this.#closing.signal)
			}
		}
	}

	async #once(request: HttpRequest): Promise<unknown> {
		const limit = deadline(request.signal ?? this.#closing.signal, this.#timeoutMs(request))
		try {
			await this.#limiter.acquire(limit.signal)
		} catch (error) {
			limit.done()
			throw reasonOf(error, limit.signal, request.doing)
		}
		try {
			limit.renew()
			if (request.method !== "GET" && !request.harmless) this.#options.beforeWrite?.()
			const answer = await this.#send(request, limit.signal)
			const text = await answer.body.text()
			if (answer.statusCode >= 300) throw this.#refused(answer, text, request.doing)
			this.#limiter.succeeded()
			return parse(text, answer.statusCode, request.doing)
		} catch (error) {
			throw reasonOf(error, limit.signal, request.doing)
		} finally {
			this.#limiter.release()
			limit.done()
		}
	}

	async stream(
		request: Omit<HttpRequest, "method" | "body">,
		signal: AbortSignal,
	): Promise<AsyncIterable<Buffer>> {
		try {
			const answer = await this.#send({...request, method: "GET"}, signal)
			if (answer.statusCode >= 300) throw this.#refused(answer, await answer.body.text(), request.doing)
			return answer.body
		} catch (error) {
			throw reasonOf(error, signal, request.doing)
		}
	}

	async close(): Promise<void> {
		this.#closing.abort(new Error("the client is closed"))
		await this.#pool?.dispatcher.destroy()
	}

	#timeoutMs({method, doing}: HttpRequest): number {
		const {single = 30_000, list = 60_000} = this.#options.timeoutsMs ?? {}
		return method === "GET" && doing.name === undefined ? list : single
	}

	#refused(answer: Dispatcher.ResponseData, body: string, doing: Doing): KubeError {
		if (answer.statusCode === 429) this.#limiter.throttled()
		const header = answer.headers["retry-after"]
		return errorOfResponse({
			code: answer.statusCode,
			body,
			doing,
			retryAfter: Array.isArray(header) ? header[0] : header,
		})
	}

	async #send(spec: Omit<HttpRequest, "doing">, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
		const {config, onRequest, userAgent = "heddle"} = this.#options
		const credentials = await this.#login()
		const started = performance.now()
		let code = "<error>"
		try {
			const answer = await request(config.server + spec.path, {
				dispatcher: this.#dispatcher(credentials.tls),
				method: spec.method,
				headers: {
					...credentials.headers,
					accept: spec.accept ?? "application/json",
					"user-agent": userAgent,
					...(spec.body === undefined ? {} : {"content-type": spec.contentType ?? "application/json"}),
				},
				body: spec.body === undefined ? null : JSON.stringify(spec.body),
				signal,
			})
			code = String(answer.statusCode)
			if (answer.statusCode === 401) this.#credentials = undefined
			return answer
		} finally {
			onRequest?.({
				method: spec.method,
				code,
				host: new URL(config.server).host,
				durationMs: performance.now() - started,
			})
		}
	}

	#login(): Promise<Credentials> {
		const now = performance.now()
		if (this.#credentials !== undefined && now < this.#credentials.until) return this.#credentials.value
		// After a 401 nothing cached is to be trusted, the plugin's own cache among it.
		const value = this.#options.config.credentials({
			fresh: this.#credentials === undefined && this.#pool !== undefined,
		})
		this.#credentials = {value, until: now + credentialsMs}
		value.catch(() => {
			this.#credentials = undefined
		})
		return value
	}

	/** One pool for as long as the certificates stay the same; watches of an older one end in their own time. */
	#dispatcher(tls: Tls): Dispatcher {
		if (this.#pool !== undefined && sameTls(this.#pool.tls, tls)) return this.#pool.dispatcher
		void this.#pool?.dispatcher.close()
		// Time limits are ours: undici's own know nothing of quiet watches.
		// HTTP/1.1: each request costs a quarter less of our CPU than over HTTP/2, and a watch holds up nobody else.
		const common = {
			allowH2: false,
			connect: tls,
			headersTimeout: 0,
			bodyTimeout: 0,
			keepAliveTimeout: 60_000,
		} as const
		const {proxy} = this.#options.config
		const dispatcher =
			proxy === undefined ? new Agent(common) : new ProxyAgent({...common, uri: proxy, requestTls: tls})
		this.#pool = {dispatcher, tls}
		return dispatcher
	}
}

function sameTls(a: Tls, b: Tls): boolean {
	const same = (x: string | Buffer | undefined, y: string | Buffer | undefined) => String(x) === String(y)
	return same(a.ca, b.ca) && same(a.cert, b.cert) && same(a.key, b.key)
}

function parse(text: string, code: number, doing: Doing): unknown {
	try {
		return JSON.parse(text)
	} catch (cause) {
		throw new KubeError({code, reason: "BadResponse", said: "the answer is not JSON", doing, cause})
	}
}

/** The caller's abort stays what it is; everything else becomes a KubeError. */
function reasonOf(error: unknown, signal: AbortSignal, doing: Doing): unknown {
	if (signal.aborted && !isKubeError(error)) {
		const {reason} = signal
		return reason instanceof TimedOut
			? new KubeError({code: 0, reason: "Timeout", said: reason.message, doing, cause: error})
			: reason
	}
	if (isKubeError(error) || error instanceof ConfigError || !isTransport(error)) return error
	return errorOfTransport(error, doing)
}

/** How long to wait before the next try; undefined when there is to be none. */
function retryDelay(error: unknown, attempt: number, request: HttpRequest): number | undefined {
	if (!isKubeError(error)) return undefined
	const asked = error.retryAfterMs
	// The server refused before it did anything: even a create may be repeated.
	if (error.code === 429) return Math.min(jittered(asked ?? 1_000 * attempt), longestRetryAfterMs)
	// Credentials may have just been renewed on disk; more than one second look is no use.
	if (error.code === 401) return attempt === 1 ? 0 : undefined
	if (!isWorthRepeating(error, request)) return undefined
	return Math.min(jittered(asked ?? 100 * 2 ** attempt), longestRetryAfterMs)
}

function isWorthRepeating(
	{code, reason}: KubeError,
	{method, repeatable = method !== "POST"}: HttpRequest,
): boolean {
	if (!repeatable) return false
	if (reason === "Unreachable" || reason === "Timeout") return true
	// A 500 for an apply is the API server's way to say that it has a field which the schema does not know.
	return code === 500 ? method === "GET" : code > 500
}
