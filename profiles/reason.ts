/**
 * How much a reason weighs: `block` refuses and can never be lifted, `accept` waits for a person who accepts its
 * code, `info` informs.
 */
export type Severity = "block" | "accept" | "info"

/** Why a plan is what it is. */
export type Reason = {
	/** Stable, CamelCase, documented in `profiles/reasons.ts`. */
	readonly code: string
	readonly severity: Severity
	/** What it is about, as `Kind/namespace/name`. */
	readonly object?: string
	readonly message: string
	/** What a person can do about it. */
	readonly fix?: string
}
