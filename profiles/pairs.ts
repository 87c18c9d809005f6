import {ambientIsOn, controlPlanes, rootNamespaces} from "./apis/istio/control-plane.ts"
import {strictBy} from "./apis/istio/peer-authentication.ts"
import {type Census, census} from "./census.ts"
import type {Dataplane, Move} from "./dataplane.ts"
import {hop} from "./interop.ts"
import type {Reason} from "./reason.ts"
import {type ProfileReasonCode, reason} from "./reasons.ts"
import type {Snapshot} from "./snapshot/snapshot.ts"

/** A hop that the move would bring about, and what is wrong with it. */
type Finding = {
	readonly code: ProfileReasonCode
	readonly client: string
	readonly server: string
	readonly peer: string
	readonly note: string
}

type Side = {readonly namespace: string; readonly dataplane: string; readonly speaksHBONE: boolean}

/**
 * What the move would do to hops between this namespace and others, its own pods that have not moved yet among
 * them. Without metrics nobody knows who calls whom: every namespace with workloads counts as a possible caller
 * and callee, control planes and `kube-*` excepted.
 */
export function pairHazards(
	snapshot: Snapshot,
	move: Move,
	dataplanes: readonly Dataplane[],
): readonly Reason[] {
	const all = census(snapshot, dataplanes)
	const moved: Side = {
		namespace: move.namespace,
		dataplane: move.to.dataplane,
		speaksHBONE: newSidecarsSpeakHBONE(snapshot, move),
	}
	const context: Context = {
		snapshot,
		moved,
		wasOutside: isOutside(all.get(move.namespace)),
		strict: memoized((name) => strictBy(snapshot, name).length > 0),
	}
	const findings = [...all]
		.filter(([name]) => isPeer(snapshot, move, name))
		.flatMap(([name, entry]) => sidesOf(name, entry))
		.flatMap((peer) => [judge(context, moved, peer), judge(context, peer, moved)])
		.filter((finding) => finding !== undefined)
	return summarize(findings)
}

type Context = {
	readonly snapshot: Snapshot
	readonly moved: Side
	/** Some pods of the namespace are in no mesh now. */
	readonly wasOutside: boolean
	readonly strict: (namespace: string) => boolean
}

function memoized(compute: (name: string) => boolean): (name: string) => boolean {
	const known = new Map<string, boolean>()
	return (name) => {
		const value = known.get(name) ?? compute(name)
		known.set(name, value)
		return value
	}
}

const isOutside = (own: Census | undefined) => own === undefined || (own.pods.get("none") ?? 0) > 0

function isPeer(snapshot: Snapshot, {to}: Move, name: string): boolean {
	return (
		!name.startsWith("kube-") && !to.namespaces.includes(name) && !rootNamespaces(snapshot).includes(name)
	)
}

/** `pending` and `conflict` are no dataplanes: such pods are a reason of their own. */
function sidesOf(namespace: string, {pods, sidecarsWithoutHBONE}: Census): readonly Side[] {
	const known = [...pods.keys()].filter((name) => name !== "pending" && name !== "conflict")
	return known.map((dataplane) => ({namespace, dataplane, speaksHBONE: sidecarsWithoutHBONE === 0}))
}

function newSidecarsSpeakHBONE(snapshot: Snapshot, {to}: Move): boolean {
	const plane = controlPlanes(snapshot).find(({revision}) => revision === to.revision)
	return plane !== undefined && ambientIsOn(snapshot, plane)
}

function judge(context: Context, client: Side, server: Side): Finding | undefined {
	const {reach, mtls, note} = hop(client.dataplane, server.dataplane)
	const peer = client === context.moved ? server : client
	const found = (code: ProfileReasonCode): Finding => ({
		code,
		client: client.dataplane,
		server: server.dataplane,
		peer: peer.namespace,
		note,
	})
	if (reach === "unsafe") return found("UnsafePair")
	const sidecar = [client, server].find(({dataplane}) => dataplane === "istio-sidecar")
	if (mtls === "yes" || (mtls === "hbone" && sidecar?.speaksHBONE === true)) return undefined
	const code = plaintextCode(context, {client, server, waitsForHBONE: mtls === "hbone"})
	return code && found(code)
}

/** What a plaintext hop means: refused by a strict server, or a hop that mTLS does not protect. */
function plaintextCode(
	context: Context,
	{client, server, waitsForHBONE}: {client: Side; server: Side; waitsForHBONE: boolean},
): ProfileReasonCode | undefined {
	const refused = server.dataplane.startsWith("istio-") && context.strict(server.namespace)
	if (client.dataplane === "none") return refused ? outsideCaller(context, client) : undefined
	// A server outside of every mesh was reached in plaintext before, and still is.
	if (server.dataplane === "none") return undefined
	if (refused) return "UnsafePair"
	return waitsForHBONE ? "SidecarsNotHBONEReady" : "PlaintextHop"
}

/** A strict namespace that was in the mesh refused such callers before: only what changes is a finding. */
function outsideCaller({moved, wasOutside}: Context, client: Side): ProfileReasonCode | undefined {
	if (client === moved) return "StrictServersRejectPlaintext"
	return wasOutside ? "StrictRejectsPlaintextCallers" : undefined
}

const shown = 5

/** One reason per kind of hop, however many namespaces it concerns. */
function summarize(findings: readonly Finding[]): readonly Reason[] {
	const keyOf = ({code, client, server}: Finding) => `${code} ${client} ${server}`
	return [...new Set(findings.map(keyOf))].map((key) => {
		const same = findings.filter((finding) => keyOf(finding) === key)
		const peers = [...new Set(same.map(({peer}) => peer))].sort()
		const more = peers.length > shown ? ` and ${peers.length - shown} more` : ""
		const {code, client, server, note} = same[0] as Finding
		const where = `${peers.slice(0, shown).join(", ")}${more}`
		return reason(code, {
			message: `${client} calls ${server} (${where}; no metrics tell who really calls whom): ${note}.`,
		})
	})
}
