import {type Observation as Observed, reasons, say} from "../../../api/conditions.ts"
import {isFirstProbing, isProbing} from "../../../plan/probes/probes-in.ts"
import type {Observation} from "../observation.ts"
import type {Migration, StepRecord} from "../record.ts"
import {notSent} from "./prove.ts"

/** By the answers that were given last. True only where every policy was asked both ways, after pods had moved. */
export function enforcementVerified({profile}: Observation, migration: Migration | undefined): Observed {
	const unknown = (message: string) => say("EnforcementVerified", "Unknown", reasons.noEvidence, message)
	if (profile?.spec.migration?.gates?.prober === undefined)
		return unknown("no allowed and denied requests are sent as probes")
	const last = migration?.steps?.findLast((step) => isProbing(step) && isAnswered(step))
	if (last === undefined) return unknown("no request was sent and answered yet")
	const {message = ""} = last
	if (migration?.state === "RolledBack") return unknown(`it went back since; before that: ${message}`)
	if (last.state === "Failed") return say("EnforcementVerified", "False", reasons.notVerified, message)
	if (isFirstProbing(last)) return unknown(`before the move ${message}`)
	return message.includes(notSent)
		? unknown(message)
		: say("EnforcementVerified", "True", reasons.verified, message)
}

const isAnswered = ({state}: StepRecord): boolean =>
	state === "Done" || state === "Undone" || state === "Failed"
