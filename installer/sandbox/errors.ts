/** A failure that a person can act on: what happened, and what to do next. */
export class SandboxError extends Error {
	override name = "SandboxError"
	readonly next: string

	constructor(message: string, next: string, options?: ErrorOptions) {
		super(`${message}\n  ${next}`, options)
		this.next = next
	}
}

export function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error)
}

/** The `code` of a Node system error ("ENOENT", "EADDRINUSE", …), or undefined. */
export function codeOf(error: unknown): string | undefined {
	if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code
	return undefined
}
