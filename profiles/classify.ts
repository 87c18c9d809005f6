import type {Dataplane, Evidence} from "./dataplane.ts"
import {foreignMarks, gatewayMark} from "./foreign.ts"
import {isReady} from "./pods.ts"
import type {Pod} from "./snapshot/shapes.ts"
import type {Snapshot} from "./snapshot/snapshot.ts"

/** What a pod is, never what its namespace says. */
export type PodClass = {
	/**
	 * A dataplane's name (also one that has no folder here), `none`, `pending` (redirected, not yet accepted),
	 * `conflict` (captured twice), or `unsupported` (not a workload of the namespace, or one that no dataplane can
	 * capture).
	 */
	readonly dataplane: string
	/** The pod is Ready, and so is the proxy that carries its traffic. */
	readonly ready: boolean
	/** False for pods that say nothing about where the namespace is: they never fail a migration. */
	readonly counted: boolean
	readonly revision?: string
	/** One sentence that names what was seen. */
	readonly detail: string
	/** What each dataplane says of it, those that say nothing left out. */
	readonly evidence: readonly Witness[]
}

type Witness = {readonly dataplane: string; readonly evidence: Evidence}

type Classes = {readonly dataplanes: readonly Dataplane[]; readonly of: Map<Pod, PodClass>}
const classes = new WeakMap<Snapshot, Classes>()

/** Classifies one pod by the evidence of every dataplane; once per pod where the snapshot does not change. */
export function classify(pod: Pod, snapshot: Snapshot, dataplanes: readonly Dataplane[]): PodClass {
	if (snapshot.fixed !== true) return look(pod, snapshot, dataplanes)
	let known = classes.get(snapshot)
	if (known?.dataplanes !== dataplanes) {
		known = {dataplanes, of: new Map()}
		classes.set(snapshot, known)
	}
	let found = known.of.get(pod)
	if (found === undefined) {
		found = look(pod, snapshot, dataplanes)
		known.of.set(pod, found)
	}
	return found
}

function look(pod: Pod, snapshot: Snapshot, dataplanes: readonly Dataplane[]): PodClass {
	const outside = notCounted(pod)
	if (outside !== undefined) {
		return {
			dataplane: "unsupported",
			ready: isReady(pod),
			counted: false,
			detail: `Not counted: ${outside}.`,
			evidence: [],
		}
	}
	const evidence = witnesses(pod, snapshot, dataplanes)
	return {counted: true, evidence, ...judge(pod, evidence)}
}

/** Why a pod is not counted; undefined when it is. */
function notCounted(pod: Pod): string | undefined {
	const phase = pod.status?.phase
	if (pod.metadata.deletionTimestamp !== undefined) return "it is terminating"
	if (phase === "Succeeded" || phase === "Failed") return `it has finished (phase ${phase})`
	if (pod.spec?.hostNetwork === true) return "it is on the host's network, which no dataplane captures"
	return gatewayMark(pod)
}

/** Called for every pod of a cluster, so it makes nothing that it does not return. */
function witnesses(pod: Pod, snapshot: Snapshot, dataplanes: readonly Dataplane[]): Witness[] {
	const found: Witness[] = []
	for (const dataplane of dataplanes) {
		const evidence = dataplane.evidence(pod, snapshot)
		if (evidence !== undefined) found.push({dataplane: dataplane.name, evidence})
	}
	for (const {dataplane, detail, marks} of foreignMarks) {
		if (marks(pod) && !dataplanes.some(({name}) => name === dataplane))
			found.push({dataplane, evidence: {state: "in", ready: false, detail}})
	}
	return found
}

type Judgement = Pick<PodClass, "dataplane" | "ready" | "revision" | "detail">

function judge(pod: Pod, evidence: readonly Witness[]): Judgement {
	const captured = evidence.filter((witness) => witness.evidence.state !== "broken")
	const [first, second] = captured
	if (first === undefined) return uncaptured(pod, evidence)
	if (second !== undefined) {
		const both = captured.map((witness) => `${witness.dataplane} (${witness.evidence.detail})`)
		return {dataplane: "conflict", ready: false, detail: `Captured more than once: ${both.join("; ")}.`}
	}
	const {state, ready, revision, detail} = first.evidence
	if (state === "pending")
		return {dataplane: "pending", ready: false, detail: `Pending in ${first.dataplane}: ${detail}.`}
	return {
		dataplane: first.dataplane,
		ready: ready && isReady(pod),
		...(revision === undefined ? {} : {revision}),
		detail: `In ${first.dataplane}: ${detail}.`,
	}
}

function uncaptured(pod: Pod, evidence: readonly Witness[]): Judgement {
	const broken = evidence.map((witness) => `${witness.dataplane}: ${witness.evidence.detail}`)
	const detail =
		broken.length === 0 ? "No dataplane has marked it." : `Marked, but not captured: ${broken.join("; ")}.`
	return {dataplane: "none", ready: isReady(pod), detail}
}
