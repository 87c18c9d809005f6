import type {MeshProfile} from "../../../crds/generated.ts"
import type {Dataplane} from "../../../profiles/dataplane.ts"
import type {Reason} from "../../../profiles/reason.ts"
import {Namespace} from "../../../profiles/snapshot/kinds.ts"
import type {Snapshot} from "../../../profiles/snapshot/snapshot.ts"
import {because} from "../reasons.ts"
import {matches} from "../selector.ts"
import type {Step} from "../types.ts"
import {callersIn} from "./callers.ts"
import {probesOf} from "./derive.ts"
import {type ProbeMethod, type Probes, safeMethods} from "./probe.ts"

export type ProbedNamespace = {
	readonly snapshot: Snapshot
	readonly namespace: string
	readonly profile: MeshProfile
	readonly dataplanes: readonly Dataplane[]
}

/** The requests that a profile consents to; undefined where it consents to none. */
export function probesIn({snapshot, namespace, profile, dataplanes}: ProbedNamespace): Probes | undefined {
	const prober = profile.spec.migration?.gates?.prober
	if (prober === undefined) return undefined
	const selected = snapshot
		.list(Namespace)
		.filter(({metadata}) => matches(profile.spec.namespaceSelector, metadata.labels))
		.map(({metadata}) => metadata.name)
	const callers = callersIn(snapshot, selected, dataplanes)
	const methods: readonly ProbeMethod[] = prober.methods ?? safeMethods
	return probesOf({snapshot, namespace, callers, methods})
}

const prefix = "probe-"
const first = `${prefix}before`

/** A step that sends requests. Its object is there for people: what it proves is the namespace's policies. */
export const isProbing = ({id, action}: Pick<Step, "id" | "action">): boolean =>
	action === "Gate" && id.startsWith(prefix)

/** Before anything moves: what does not hold then says nothing of the move. */
export const isFirstProbing = ({id}: Pick<Step, "id">): boolean => id === first

export type ProbeGates = {
	readonly before: readonly Step[]
	/** The gate that comes with the wave of this name. */
	readonly after: ((slug: string, wave: number, last: boolean) => readonly Step[]) | undefined
	readonly reasons: readonly Reason[]
}

/**
 * Where policies are enforced already, by Istio's proxies, they are proven before and after each wave. Elsewhere nothing
 * enforces them before the last wave has moved.
 */
export function probeGates(
	probed: ProbedNamespace,
	{from, rolls}: {readonly from: string; readonly rolls: number},
): ProbeGates {
	const found = rolls === 0 ? undefined : probesIn(probed)
	if (found === undefined) return {before: [], after: undefined, reasons: []}
	const {probes, unsent} = found
	const object = `Namespace/${probed.namespace}`
	const reasons = unsent.map(({policy, why}) => because("PolicyNotProbed", {object: policy, message: why}))
	if (probes.length === 0) return {before: [], after: undefined, reasons}
	const note = `send ${probes.length} requests whose answers the policies decide`
	const enforced = from === "istio-sidecar"
	return {
		before: enforced ? [{id: first, action: "Gate", object, note}] : [],
		after: (slug, wave, last) =>
			enforced || last ? [{id: `${prefix}${slug}`, action: "Gate", object, wave, note}] : [],
		reasons,
	}
}
