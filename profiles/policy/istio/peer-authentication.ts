import {PeerAuthentication} from "../../apis/istio/kinds.ts"
import {readAttachment} from "../../apis/istio/scope.ts"
import type {Field} from "../../apis/read.ts"
import {reader} from "../../apis/use.ts"
import {selects} from "../../pods.ts"
import {kindIdOf} from "../../snapshot/kinds.ts"
import type {KubeObject} from "../../snapshot/object.ts"
import {refuseOthers} from "../known-fields.ts"
import type {Callee} from "../request.ts"

const modes = ["UNSET", "DISABLE", "PERMISSIVE", "STRICT"] as const
export type Mode = (typeof modes)[number]

const modeOf = (mtls: Field): Mode => {
	refuseOthers(mtls, ["mode"])
	return mtls.at("mode").word(modes) ?? "UNSET"
}

/** A PeerAuthentication with the mode of each port. */
export const readPeers = reader((spec, object) => {
	refuseOthers(spec, ["selector", "mtls", "portLevelMtls"])
	return {
		...readAttachment(spec),
		namespace: object.metadata.namespace ?? "",
		createdAt: object.metadata.creationTimestamp ?? "",
		mode: modeOf(spec.at("mtls")),
		ports: spec
			.at("portLevelMtls")
			.entries()
			.map(([port, mtls]) => [Number(port), modeOf(mtls)] as const),
	}
})

export type Peers = ReturnType<typeof readPeers>["value"]

/** The PeerAuthentications among objects of any kind, the oldest first: of two for the same it is the one that counts. */
export const peersIn = (objects: readonly KubeObject[]): readonly Peers[] =>
	objects
		.filter((object) => kindIdOf(object) === PeerAuthentication.id)
		.map((object) => readPeers(object).value)
		.toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : 0))

/**
 * The mode that holds for a port of a pod: the port's own, else that of the workload, the namespace, the mesh.
 * Source: https://istio.io/latest/docs/reference/config/security/peer_authentication/
 */
export function modeFor(
	peers: readonly Peers[],
	{namespace, labels, port}: Pick<Callee, "namespace" | "labels" | "port">,
	roots: readonly string[],
): Mode {
	if (peers.length === 0) return "PERMISSIVE"
	const wide = (home: (space: string) => boolean) =>
		peers.find((one) => one.selector === undefined && home(one.namespace))
	const workload = peers.find(
		(one) =>
			one.selector !== undefined &&
			one.namespace === namespace &&
			selects({matchLabels: one.selector}, labels),
	)
	const inherited = [workload, wide((space) => space === namespace), wide((space) => roots.includes(space))]
	const own = workload?.ports.find(([number]) => number === port)?.[1]
	return (
		[own, ...inherited.map((one) => one?.mode)].find((one) => one !== undefined && one !== "UNSET") ??
		"PERMISSIVE"
	)
}
