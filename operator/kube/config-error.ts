/** The way to the cluster is not clear: no kubeconfig, an unknown context, a credential plugin that fails. */
export class ConfigError extends Error {
	override readonly name = "ConfigError"
	/** What to do about it. */
	readonly fix: string

	constructor(message: string, fix: string, cause?: unknown) {
		super(message, {cause})
		this.fix = fix
	}
}
