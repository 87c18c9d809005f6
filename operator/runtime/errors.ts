/*
 * What a reconcile may throw. A conflict (KubeError 409) is a quiet retry; anything else is retried with backoff.
 */

/** What was asked for cannot be; nothing is retried before the object changes. */
export class ValidationError extends Error {
	override readonly name = "ValidationError"
}

/** Will pass by itself: retried with backoff, without the noise of an error. */
export class TransientError extends Error {
	override readonly name = "TransientError"
}

/** Counted as an error and not retried. */
export class TerminalError extends Error {
	override readonly name = "TerminalError"
}
