/** Something that has to be fetched is not to be had: what, from where, and how to supply it otherwise. */
export class SourceError extends Error {
	override name = "SourceError"
	/** What to do about it. */
	readonly fix: string
	/** Commands that do it. */
	readonly nextSteps: readonly string[]

	constructor(message: string, fix: string, options: {nextSteps?: readonly string[]; cause?: unknown} = {}) {
		super(message, {cause: options.cause})
		this.fix = fix
		this.nextSteps = options.nextSteps ?? []
	}
}
