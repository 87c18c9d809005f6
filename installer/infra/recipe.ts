import type {z} from "zod"
import type {Part} from "./part.ts"

/** What a component installs, as data: its arguments checked and completed, and the parts that follow from them. */
export type Recipe<Args extends object = object> = {
	/** `heddle:index:IstioSidecar`. */
	readonly token: string
	/** Completes arguments by defaults that are right for production. */
	readonly args: z.ZodType<Args>
	readonly parts: (args: Args) => readonly Part[] | Promise<readonly Part[]>
	/** What else is wrong with arguments that each are right by themselves; empty when nothing is. */
	readonly problems?: (args: Args) => readonly string[]
}

/** Arguments that are not as they have to be; `details` name each field. */
export class ArgumentError extends Error {
	override name = "ArgumentError"
	readonly details: readonly string[]

	constructor(subject: string, details: readonly string[]) {
		super(`${subject}: ${details.join("; ")}`)
		this.details = details
	}
}

/** @throws ArgumentError */
export function checkedArgs<Args extends object>(recipe: Recipe<Args>, name: string, given: object): Args {
	const subject = `${recipe.token.split(":").at(-1)} ${name}`
	const parsed = recipe.args.safeParse(given)
	if (!parsed.success) {
		throw new ArgumentError(
			subject,
			parsed.error.issues.map(
				({path, message}) => `${path.length === 0 ? "arguments" : path.join(".")}: ${message}`,
			),
		)
	}
	const problems = recipe.problems?.(parsed.data) ?? []
	if (problems.length > 0) throw new ArgumentError(subject, problems)
	return parsed.data
}
