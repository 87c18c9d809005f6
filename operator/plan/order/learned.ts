import type {MeshBinding as Binding} from "../../../crds/generated.ts"
import type {Snapshot} from "../../../profiles/snapshot/snapshot.ts"
import {MeshBinding} from "../../api/kinds.ts"
import {bindingName} from "../../api/names.ts"
import {anyone, type Claim, measuredBy} from "./claim.ts"

/** What a binding keeps of calls that were measured. */
type LearnedCalls = NonNullable<NonNullable<Binding["status"]>["calls"]>

/** Undefined when nothing was measured: that Prometheus did not answer, or knew of no call, tells nothing. */
export function learnedCalls(snapshot: Snapshot, namespace: string): LearnedCalls | undefined {
	const calls = snapshot.get(MeshBinding, bindingName, namespace)?.status?.calls
	return calls === undefined || calls.problem !== undefined || (calls.items ?? []).length === 0
		? undefined
		: calls
}

/** Stands for a caller that a proxy could not tell: one without a mesh. */
const unknownCaller = "unknown"

export const claimsOfMetrics = (calls: LearnedCalls | undefined, namespace: string): readonly Claim[] =>
	(calls?.items ?? []).map(({from, fromNamespace = namespace, to}) => ({
		callee: {namespace, name: to},
		callers: [from === unknownCaller ? anyone : {namespace: fromNamespace, name: from}],
		by: measuredBy,
	}))
