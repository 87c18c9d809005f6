import fc from "fast-check"
import type {KubeObject} from "../../snapshot/object.ts"
import {policy} from "../../testing/builders.ts"

const mode = fc.constantFrom("UNSET", "STRICT", "PERMISSIVE", "DISABLE")
const mtls = fc.option(
	mode.map((one) => ({mode: one})),
	{nil: undefined},
)
const ports = fc.dictionary(
	fc.constantFrom("8080", "9090"),
	mode.map((one) => ({mode: one})),
	{maxKeys: 2},
)

/** PeerAuthentications of the namespace `shop`: of all of it, of the pods of `cart` with a mode of their ports, or both. */
export const peerAuthentications: fc.Arbitrary<readonly KubeObject[]> = fc
	.record({wide: mtls, own: fc.option(fc.record({mtls, ports}), {nil: undefined})})
	.map(({wide, own}) => [
		...(wide === undefined ? [] : [policy("PeerAuthentication", "wide", {mtls: wide})]),
		...(own === undefined
			? []
			: [
					policy("PeerAuthentication", "own", {
						selector: {matchLabels: {app: "cart"}},
						...(own.mtls === undefined ? {} : {mtls: own.mtls}),
						...(Object.keys(own.ports).length === 0 ? {} : {portLevelMtls: own.ports}),
					}),
				]),
	])
