import {ambientIsOn, controlPlanes, rootNamespaces} from "./apis/istio/control-plane.ts"
import {strictBy} from "./apis/istio/peer-authentication.ts"
import {openToOutside} from "./apis/kubernetes/services.ts"
import {type Census, census} from "./census.ts"
import type {Dataplane, Move} from "./dataplane.ts"
import {hop, isUnmeshed} from "./interop.ts"
import {perSnapshot} from "./memo.ts"
import {listed} from "./names.ts"
import type {Reason} from "./reason.ts"
import {type ProfileReasonCode, reason} from "./reasons.ts"
import {refOf} from "./snapshot/object.ts"
import type {Snapshot} from "./snapshot/snapshot.ts"

/** One end of a hop, as far as it matters; many namespaces look alike. */
type Side = {readonly dataplane: string; readonly speaksHBONE: boolean; readonly strict: boolean}
type Group = Side & {readonly namespaces: readonly string[]}

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
	const {namespace, to} = move
	const wasOutside = isOutside(census(snapshot, dataplanes).get(namespace))
	const strict = strictBy(snapshot, namespace).length > 0
	const end = endOf({snapshot, namespace, dataplanes}, to.dataplane)
	const moved: Side = {dataplane: end, speaksHBONE: newSidecarsSpeakHBONE(snapshot, move), strict}
	const planes = controlPlanes(snapshot).map((plane) => plane.namespace)
	const except = new Set([...to.namespaces, ...planes, ...rootNamespaces(snapshot)])
	const findings = groups(snapshot, dataplanes).flatMap((group): Finding[] => {
		const out = flaw({client: moved, server: group, outsider: "StrictServersRejectPlaintext"})
		const back = flaw({
			client: group,
			server: moved,
			...(wasOutside ? {outsider: "StrictRejectsPlaintextCallers"} : {}),
		})
		if (out === undefined && back === undefined) return []
		const peers = group.namespaces.filter((name) => !name.startsWith("kube-") && !except.has(name))
		if (peers.length === 0) return []
		return [
			...(out ? [{code: out, client: moved.dataplane, server: group.dataplane, peers}] : []),
			...(back ? [{code: back, client: group.dataplane, server: moved.dataplane, peers}] : []),
		]
	})
	return [...summarized(findings), ...(wasOutside ? callersFromOutside(snapshot, namespace, moved) : [])]
}

/** Who comes from outside of the cluster has no certificate, whatever mesh the namespaces of the cluster are in. */
function callersFromOutside(snapshot: Snapshot, namespace: string, server: Side): readonly Reason[] {
	if (!refusesPlaintext(server)) return []
	return openToOutside(snapshot, namespace).map((service) => {
		const message = `${refOf(service)} is open to callers from outside of the cluster, who come in plaintext.`
		return reason("StrictRejectsPlaintextCallers", {object: refOf(service), message})
	})
}

/** A hop that the move would bring about, and the namespaces at its other end. */
type Finding = {
	readonly code: ProfileReasonCode
	readonly client: string
	readonly server: string
	readonly peers: readonly string[]
}

/** One reason per kind of hop, however many namespaces it concerns. */
function summarized(findings: readonly Finding[]): readonly Reason[] {
	const keyOf = ({code, client, server}: Finding) => `${code} ${client} ${server}`
	const first = findings.filter(
		(one, index) => findings.findIndex((other) => keyOf(other) === keyOf(one)) === index,
	)
	return first.map((one) => {
		const {code, client, server} = one
		const peers = findings.filter((other) => keyOf(other) === keyOf(one)).flatMap((other) => other.peers)
		const where = listed([...new Set(peers)].sort())
		return reason(code, {
			message: `${client} calls ${server} (${where}; no metrics tell who really calls whom): ${hop(client, server).note}.`,
		})
	})
}

const grouped = perSnapshot(() => new Map<readonly Dataplane[], readonly Group[]>())

/** The namespaces by what they are as a peer: judging each kind once keeps the plan of a large cluster cheap. */
function groups(snapshot: Snapshot, dataplanes: readonly Dataplane[]): readonly Group[] {
	const known = grouped(snapshot)
	const made = known.get(dataplanes) ?? group(snapshot, dataplanes)
	known.set(dataplanes, made)
	return made
}

function group(snapshot: Snapshot, dataplanes: readonly Dataplane[]): readonly Group[] {
	const made = new Map<string, Side & {namespaces: string[]}>()
	for (const [namespace, entry] of census(snapshot, dataplanes)) {
		const strict = strictBy(snapshot, namespace).length > 0
		for (const side of sidesOf(entry, strict, (name) => endOf({snapshot, namespace, dataplanes}, name))) {
			const key = JSON.stringify(side)
			const same = made.get(key) ?? {...side, namespaces: []}
			same.namespaces.push(namespace)
			made.set(key, same)
		}
	}
	return [...made].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one)
}

type Where = {
	readonly snapshot: Snapshot
	readonly namespace: string
	readonly dataplanes: readonly Dataplane[]
}

function endOf({snapshot, namespace, dataplanes}: Where, name: string): string {
	return dataplanes.find((one) => one.name === name)?.endIn?.(snapshot, namespace) ?? name
}

/** `pending` and `conflict` are no dataplanes: such pods are a reason of their own. */
function sidesOf(
	{pods, sidecarsWithoutHBONE}: Census,
	strict: boolean,
	end: (dataplane: string) => string,
): readonly Side[] {
	const known = [...pods.keys()].filter((name) => name !== "pending" && name !== "conflict")
	return known.map((dataplane) => ({
		dataplane: end(dataplane),
		speaksHBONE: dataplane === "istio-sidecar" && sidecarsWithoutHBONE === 0,
		strict,
	}))
}

/** Some pods of the namespace are in no mesh now. */
const isOutside = (own: Census | undefined) => own === undefined || [...own.pods.keys()].some(isUnmeshed)

function newSidecarsSpeakHBONE(snapshot: Snapshot, {to}: Move): boolean {
	const plane = controlPlanes(snapshot).find(({revision}) => revision === to.revision)
	return plane !== undefined && ambientIsOn(snapshot, plane)
}

/**
 * What is wrong with a hop; undefined when nothing is, or when it was so before. `outsider` is what it means when a
 * caller outside of every mesh is refused: a namespace that was strict in the mesh refused such callers already.
 */
function flaw({
	client,
	server,
	outsider,
}: {
	client: Side
	server: Side
	outsider?: ProfileReasonCode
}): ProfileReasonCode | undefined {
	const {reach, mtls} = hop(client.dataplane, server.dataplane)
	if (reach === "unsafe") return "UnsafePair"
	const sidecar = client.dataplane === "istio-sidecar" ? client : server
	if (mtls === "yes" || (mtls === "hbone" && sidecar.speaksHBONE)) return undefined
	// A server outside of every mesh was reached in plaintext before, and still is.
	if (isUnmeshed(server.dataplane)) return undefined
	const refused = refusesPlaintext(server)
	if (isUnmeshed(client.dataplane)) return refused || isUnread(server) ? outsider : undefined
	if (refused) return "UnsafePair"
	return mtls === "hbone" ? "SidecarsNotHBONEReady" : "PlaintextHop"
}

/** Whether it refuses plaintext is said by objects that Heddle does not read: a GCPServerTLSPolicy. */
const isUnread = ({dataplane}: Side): boolean => dataplane === "gke-ambient"

const refusesPlaintext = ({strict, dataplane}: Side): boolean =>
	strict && (dataplane.startsWith("istio-") || dataplane === "mosn")
