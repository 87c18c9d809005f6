import type {NamespacePlan} from "../../plan/types.ts"
import type {BindingStatus} from "./record.ts"

const windowMs = 600_000
const most = 3

/**
 * Somebody undoes what Heddle did as often as it does it: several migrations have ended within a few minutes, and what
 * is to do now was done by the last one already. Undefined while there is no sign of that; else what is fought over.
 */
export function foughtOver(
	{steps}: Pick<NamespacePlan, "steps">,
	{migration, history = []}: BindingStatus,
	now: number,
): string | undefined {
	const recent = history.filter(
		({state, finishedAt}) => state === "Succeeded" && now - Date.parse(finishedAt ?? "") < windowMs,
	)
	if (recent.length < most || migration?.state !== "Succeeded") return undefined
	const done = new Set((migration.steps ?? []).filter(({state}) => state === "Done").map(({id}) => id))
	const again = steps.filter(({action}) => action !== "Gate" && action !== "Soak")
	return again.length > 0 && again.every(({id}) => done.has(id))
		? (again[0]?.object ?? again[0]?.id)
		: undefined
}
