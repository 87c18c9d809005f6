import {plan as makePlan} from "../../operator/plan/plan.ts"
import type {Plan} from "../../operator/plan/types.ts"
import {dataplanes} from "../../profiles/registry.ts"
import type {ExitCode} from "../exit.ts"
import {exit} from "../exit.ts"
import type {Flags} from "../flags.ts"
import {gather} from "../input/gather.ts"
import type {Places} from "../input/places.ts"
import {printDocument} from "../report/document.ts"
import {planText} from "../report/plan-text.ts"
import type {Session} from "../session.ts"

export async function plan(session: Session, flags: Flags): Promise<ExitCode> {
	const {snapshot, profiles, places} = await gather(session, flags)
	const made = makePlan({
		snapshot,
		profiles,
		dataplanes,
		accept: flags.accept ?? [],
		allNamespaces: flags.allNamespaces === true,
	})
	const code = exitOf(made)
	await printDocument(session, made, {
		text: () => planText(made, session.page),
		...ciFormats(made, places, code),
	})
	return code
}

/** What CI systems read; loaded when asked for. */
export function ciFormats(made: Plan, places: Places, code: ExitCode) {
	return {
		sarif: async () => (await import("../report/sarif-plan.ts")).planSarif(made, places, code),
		junit: async () => (await import("../report/junit-plan.ts")).planJUnit(made, places),
	}
}

/** 0 when nothing stands in the way of any namespace. */
export function exitOf({namespaces}: Plan): ExitCode {
	return namespaces.every(({verdict}) => verdict === "UpToDate" || verdict === "Ready")
		? exit.done
		: exit.refused
}
