import type {KubeObject} from "../../snapshot/object.ts"
import type {Snapshot} from "../../snapshot/snapshot.ts"
import type {Field} from "../read.ts"
import {reader, type Trait} from "../use.ts"
import {rootNamespaces} from "./control-plane.ts"
import {PeerAuthentication} from "./kinds.ts"
import {type Attachment, readAttachment} from "./scope.ts"

const modes = ["UNSET", "DISABLE", "PERMISSIVE", "STRICT"] as const
export type MTLSMode = (typeof modes)[number]

export type PeerRule = Attachment & {readonly mode: MTLSMode; readonly portModes: readonly MTLSMode[]}

const modeOf = (mtls: Field): MTLSMode => mtls.at("mode").word(modes) ?? "UNSET"

export const readPeerAuthentication = reader(
	(spec): PeerRule => ({
		...readAttachment(spec),
		mode: modeOf(spec.at("mtls")),
		portModes: spec
			.at("portLevelMtls")
			.entries()
			.map(([, port]) => modeOf(port)),
	}),
)

/** All PeerAuthentications that have a say in a namespace: of two with the same scope the oldest counts. */
export function peerAuthenticationsFor(snapshot: Snapshot, namespace: string): readonly KubeObject[] {
	const scoped = snapshot
		.list(PeerAuthentication, namespace)
		.filter((one) => readPeerAuthentication(one).value.selector)
	return [...wide(snapshot, namespace), ...scoped]
}

/** The one of the mesh and the one of the namespace, in this order. */
function wide(snapshot: Snapshot, namespace: string): readonly KubeObject[] {
	const spaces = [...new Set([...rootNamespaces(snapshot), namespace])]
	return spaces.flatMap((space) => {
		const unscoped = snapshot
			.list(PeerAuthentication, space)
			.filter((one) => !readPeerAuthentication(one).value.selector)
		return [...unscoped].sort(byAge).slice(0, 1)
	})
}

function byAge(a: KubeObject, b: KubeObject): number {
	const [first, second] = [a, b].map(({metadata}) => metadata.creationTimestamp ?? "")
	return (first ?? "") < (second ?? "") ? -1 : first === second ? 0 : 1
}

/** The objects by which some workload or port of a namespace demands mTLS; none: plaintext is accepted everywhere. */
export function strictBy(snapshot: Snapshot, namespace: string): readonly KubeObject[] {
	const decided = wide(snapshot, namespace).filter(
		(one) => readPeerAuthentication(one).value.mode !== "UNSET",
	)
	const effective = decided.at(-1)
	const scoped = peerAuthenticationsFor(snapshot, namespace).filter((one) =>
		demands(readPeerAuthentication(one).value),
	)
	const whole = effective && readPeerAuthentication(effective).value.mode === "STRICT" ? [effective] : []
	return [...whole, ...scoped.filter((one) => one !== effective)]
}

function demands({selector, mode, portModes}: PeerRule): boolean {
	return selector !== undefined && (mode === "STRICT" || portModes.includes("STRICT"))
}

export function peerTraits({mode, portModes}: PeerRule): readonly Trait[] {
	const used = [mode, ...portModes]
	return [
		...(used.includes("STRICT") ? (["MTLSStrict"] as const) : []),
		...(used.includes("PERMISSIVE") ? (["MTLSPermissive"] as const) : []),
	]
}
