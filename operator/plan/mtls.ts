import {rootNamespaces} from "../../profiles/apis/istio/control-plane.ts"
import {PeerAuthentication} from "../../profiles/apis/istio/kinds.ts"
import {readPeerAuthentication} from "../../profiles/apis/istio/peer-authentication.ts"
import {openToOutside} from "../../profiles/apis/kubernetes/services.ts"
import {isUnmeshed} from "../../profiles/interop.ts"
import type {Reason} from "../../profiles/reason.ts"
import {type KubeObject, refOf} from "../../profiles/snapshot/object.ts"
import type {Custom} from "../../profiles/snapshot/shapes.ts"
import type {Snapshot} from "../../profiles/snapshot/snapshot.ts"
import {managedBy, labels as names} from "../api/names.ts"
import type {ClusterFacts, Installed} from "./facts.ts"
import {because} from "./reasons.ts"
import type {Step} from "./types.ts"

/** What a profile's `mtls` asks for, and where it stands among the steps. */
export type MutualTLS = {
	readonly first: readonly Step[]
	readonly last: readonly Step[]
	readonly reasons: readonly Reason[]
}

const nothing: MutualTLS = {first: [], last: [], reasons: []}

/** The PeerAuthentication that is Heddle's own; no other is ever written. */
export const ownName = "heddle"

type Level = "STRICT" | "PERMISSIVE" | "DISABLE"

export type MutualTLSInput = {
	readonly snapshot: Snapshot
	readonly namespace: string
	readonly wanted: "Strict" | "Permissive" | undefined
	readonly target: Installed
	readonly facts: ClusterFacts
	/** Pods of the namespace itself that are in no mesh yet: they move, so they are no callers from outside. */
	readonly moving: number
}

/** Widening comes first and only when the profile asks for it; strictness comes last, when every pod has moved. */
export function mutualTLS(input: MutualTLSInput): MutualTLS {
	const {snapshot, namespace, wanted, target} = input
	if (wanted === undefined || !target.dataplane.reads.some(({id}) => id === PeerAuthentication.id))
		return nothing
	const own = wholeNamespace(snapshot, namespace)
	const foreign = own.find(({metadata}) => metadata.name !== ownName)
	const mine = own.find(({metadata}) => metadata.name === ownName)
	const level: Level = wanted === "Strict" ? "STRICT" : "PERMISSIVE"
	const looser = level === "STRICT" ? opened(snapshot, namespace) : []
	if (foreign !== undefined) {
		const {reasons} = held(foreign, level)
		return {...nothing, reasons: [...reasons, ...looser]}
	}
	const effective = levelOf(mine) ?? meshLevel(snapshot)
	if (effective === level) return {...nothing, reasons: looser}
	const step = stepOf(namespace, level)
	return level === "STRICT"
		? {first: [], last: [step], reasons: [...plaintextCallers(input), ...looser]}
		: {first: [step], last: [], reasons: []}
}

/** Those for some pods or ports go before the one of the namespace: what they open stays open. */
function opened(snapshot: Snapshot, namespace: string): readonly Reason[] {
	return snapshot.list(PeerAuthentication, namespace).flatMap((one) => {
		const {selector, mode, portModes} = readPeerAuthentication(one).value
		const open = [mode, ...portModes].filter((said) => said === "PERMISSIVE" || said === "DISABLE")
		if (selector === undefined || open.length === 0) return []
		const object = refOf(one)
		const message = `It says ${[...new Set(open)].join(" and ")} for pods that it selects, and the profile asks for STRICT`
		const fix = "Set it to STRICT, delete it, or leave spec.mtls out."
		return [because("PeerAuthenticationConflict", {object, message, fix})]
	})
}

/** Those without a selector, the oldest first: the oldest is the one that counts. */
function wholeNamespace(snapshot: Snapshot, namespace: string): readonly Custom[] {
	return snapshot
		.list(PeerAuthentication, namespace)
		.filter((one) => readPeerAuthentication(one).value.selector === undefined)
		.sort((a, b) => ((a.metadata.creationTimestamp ?? "") < (b.metadata.creationTimestamp ?? "") ? -1 : 1))
}

function levelOf(policy: Custom | undefined): Level | undefined {
	const mode = (policy?.spec?.mtls as {mode?: string} | undefined)?.mode
	return mode === "STRICT" || mode === "PERMISSIVE" || mode === "DISABLE" ? mode : undefined
}

/** What the root namespaces say, where they agree. */
function meshLevel(snapshot: Snapshot): Level | undefined {
	const said = new Set(
		rootNamespaces(snapshot).map((root) => levelOf(wholeNamespace(snapshot, root)[0]) ?? "PERMISSIVE"),
	)
	return said.size === 1 ? [...said][0] : undefined
}

function held(foreign: KubeObject & Custom, wanted: Level): MutualTLS {
	const level = levelOf(foreign) ?? "PERMISSIVE"
	if (level === wanted) return nothing
	const object = refOf(foreign)
	const reason = because("PeerAuthenticationConflict", {
		object,
		message: `It says ${level} for the whole namespace, and the profile asks for ${wanted}`,
		fix: `Set it to ${wanted}, delete it, or leave spec.mtls out.`,
	})
	return {...nothing, reasons: [reason]}
}

function stepOf(namespace: string, level: Level): Step {
	const manifest: KubeObject & {spec: object} = {
		apiVersion: "security.istio.io/v1",
		kind: "PeerAuthentication",
		metadata: {name: ownName, namespace, labels: {[names.managedBy]: managedBy}},
		spec: {mtls: {mode: level}},
	}
	return {
		id: `mtls-${level.toLowerCase()}`,
		action: "Apply",
		object: refOf(manifest),
		note:
			level === "STRICT"
				? "refuse plaintext, now that every pod has moved"
				: "admit plaintext, as the profile asks",
		manifest,
	}
}

function plaintextCallers({snapshot, namespace, facts, moving}: MutualTLSInput): readonly Reason[] {
	const open = openToOutside(snapshot, namespace).map((service) => {
		const object = refOf(service)
		const message = `${object} is open to callers from outside of the cluster, who come in plaintext`
		return because("PlaintextCallersUnknown", {object, message})
	})
	const unmeshed = [...facts.census.pods].filter(([dataplane]) => isUnmeshed(dataplane))
	const outside = unmeshed.reduce((sum, [, pods]) => sum + pods, 0) - moving
	if (outside <= 0) return open
	return [
		...open,
		because("PlaintextCallersUnknown", {message: `${outside} pods of the cluster are outside every mesh`}),
	]
}
