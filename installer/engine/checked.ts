import {AbortError, invalidInput} from "../abort.ts"
import {exit} from "../exit.ts"
import {ArgumentError} from "../infra/recipe.ts"
import {chosenComponents, conflicts} from "./conflicts.ts"
import type {Installation} from "./installation.ts"
import {withVersions} from "./pinned.ts"

/**
 * The installation with its versions written down, once every argument is right and all of it fits together and into
 * the cluster. @throws AbortError
 */
export function checkedInstallation(
	installation: Installation,
	kubernetes: string | undefined,
): Installation {
	const chosen = completed(installation)
	const found = conflicts(chosen, kubernetes)
	if (found.length > 0) {
		const [first] = found
		throw new AbortError(first?.code ?? "Conflict", "nothing was changed: this does not fit together", {
			exit: exit.refused,
			details: found.map(({message}) => message),
			...(first?.fix === undefined ? {} : {tryMessage: first.fix}),
		})
	}
	return withVersions(installation, chosen)
}

function completed(installation: Installation) {
	try {
		return chosenComponents(installation)
	} catch (error) {
		if (!(error instanceof ArgumentError)) throw error
		throw invalidInput(error.message.split(": ")[0] ?? error.message, {
			details: error.details,
			tryMessage: "Correct it with --set COMPONENT.ARGUMENT=VALUE or in the --file.",
		})
	}
}
