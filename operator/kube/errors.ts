/** What was being done, for messages: `list pods in the namespace shop`. */
export type Doing = {
	readonly verb: string
	/** `pods`, or `gateways.gateway.networking.k8s.io`. */
	readonly resource: string
	readonly namespace?: string | undefined
	readonly name?: string | undefined
}

/**
 * A request that the API server refused, or that never reached it. Holds what the Status body says and never the
 * request's headers, since those carry credentials.
 */
export class KubeError extends Error {
	override readonly name = "KubeError"
	/** The HTTP status; 0 when there was no answer. */
	readonly code: number
	/** The Status's reason, such as NotFound; or Unreachable, Certificate, Timeout, BadResponse, KindNotServed, NotLeader. */
	readonly reason: string
	readonly doing: Doing
	/** When the server asks to be left alone for a while. */
	readonly retryAfterMs: number | undefined
	/** The fields that the Status blames, such as `spec.dataplane.mode: Unsupported value`. */
	readonly causes: readonly string[]
	/** What the API server said, without the "failed to" around it. */
	readonly said: string

	constructor(args: {
		code: number
		reason: string
		said: string
		doing: Doing
		retryAfterMs?: number | undefined
		causes?: readonly string[] | undefined
		cause?: unknown
	}) {
		super(`cannot ${phrase(args.doing)}: ${args.said}`, {cause: args.cause})
		this.code = args.code
		this.reason = args.reason
		this.said = args.said
		this.doing = args.doing
		this.retryAfterMs = args.retryAfterMs
		this.causes = args.causes ?? []
	}
}

/** `get deployments.apps shop/cart`, `list pods in the namespace shop`. */
function phrase({verb, resource, namespace, name}: Doing): string {
	if (name !== undefined)
		return `${verb} ${resource} ${namespace === undefined ? name : `${namespace}/${name}`}`
	return `${verb} ${resource}${namespace === undefined ? "" : ` in the namespace ${namespace}`}`
}

type Status = {
	readonly kind?: string
	readonly message?: string
	readonly reason?: string
	readonly code?: number
	readonly details?: {
		readonly retryAfterSeconds?: number
		readonly causes?: readonly {readonly field?: string; readonly message?: string}[]
	}
}

const reasonsOfCodes: Readonly<Record<number, string>> = {
	401: "Unauthorized",
	403: "Forbidden",
	404: "NotFound",
	409: "Conflict",
	410: "Expired",
	422: "Invalid",
	429: "TooManyRequests",
	503: "ServiceUnavailable",
}

/** The error of an answer that is not 2xx. The body is the API server's Status, or a proxy's plain text. */
export function errorOfResponse(args: {
	code: number
	body: string
	retryAfter: string | undefined
	doing: Doing
}): KubeError {
	const status = statusOf(args.body)
	return errorOfStatus({...status, code: args.code}, args.doing, retryAfterMs(args.retryAfter))
}

/** The error of a Status object, as a watch may carry one inside a 200. */
export function errorOfStatus(status: Status, doing: Doing, retryAfter?: number): KubeError {
	const code = status.code ?? 500
	const seconds = status.details?.retryAfterSeconds
	return new KubeError({
		code,
		reason: status.reason || reasonsOfCodes[code] || "Unknown",
		said: (status.message ?? `HTTP ${code}`).slice(0, 2_000),
		doing,
		retryAfterMs: retryAfter ?? (seconds === undefined ? undefined : seconds * 1_000),
		causes: status.details?.causes?.map(({field, message}) => `${field ?? "?"}: ${message ?? "?"}`),
	})
}

function statusOf(body: string): Status {
	try {
		const parsed = JSON.parse(body) as Status | null
		if (parsed?.kind === "Status") return parsed
	} catch {
		// A proxy or load balancer answered, or the API server in plain text ("404 page not found").
	}
	const text = body
		.replace(/<[^>]*>/g, " ")
		.replace(/\s+/g, " ")
		.trim()
	return text === "" ? {} : {message: text.slice(0, 200)}
}

/** Milliseconds of a Retry-After header, in seconds or as a date. */
export function retryAfterMs(header: string | undefined, now = Date.now()): number | undefined {
	if (header === undefined) return undefined
	if (/^\d+$/.test(header)) return Number(header) * 1_000
	const date = Date.parse(header)
	return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}

/** The error of a request that got no answer. */
export function errorOfTransport(error: unknown, doing: Doing): KubeError {
	const root = rootOf(error)
	const code = String((root as {code?: unknown}).code ?? "")
	return new KubeError({
		code: 0,
		reason: isCertificate(code) ? "Certificate" : "Unreachable",
		said: describe(root, code),
		doing,
		cause: error,
	})
}

/** An error of the network carries a code as text; one without is ours, and is not to be dressed up as an outage. */
export function isTransport(error: unknown): boolean {
	if (error instanceof AggregateError) return true
	return error instanceof Error && typeof (error as {code?: unknown}).code === "string"
}

/** AggregateError: one attempt per address of a name; the first tells as much as all. */
function rootOf(error: unknown): Error {
	if (error instanceof AggregateError && error.errors.length > 0) return rootOf(error.errors[0])
	return error instanceof Error ? error : new Error(String(error))
}

function isCertificate(code: string): boolean {
	return /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|ERR_SSL/.test(code)
}

function describe(error: Error, code: string): string {
	return code === "" || error.message.includes(code) ? error.message : `${error.message} (${code})`
}

export const isKubeError = (error: unknown): error is KubeError => error instanceof KubeError
export const isNotFound = (error: unknown) => isKubeError(error) && error.code === 404
/** Someone else was faster, or the object is another one of the same name: which an apply is told as an invalid uid. */
export const isConflict = (error: unknown) =>
	isKubeError(error) &&
	(error.code === 409 ||
		(error.code === 422 && error.causes.some((cause) => cause.startsWith("metadata.uid"))))
export const isForbidden = (error: unknown) => isKubeError(error) && error.code === 403
/** The version to go on from is too old: list again. */
export const isExpired = (error: unknown) =>
	isKubeError(error) && (error.code === 410 || error.reason === "Expired" || error.reason === "Gone")
