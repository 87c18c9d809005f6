import {decideAtCilium} from "../../policy/cilium/decide.ts"
import {asCiliumPolicy} from "../../policy/cilium/network-policy.ts"
import {type CiliumPolicy, ciliumPoliciesIn} from "../../policy/cilium/read.ts"
import {decideAtSidecar, istioWorld, withIdentity} from "../../policy/istio/decide.ts"
import {networkPoliciesIn} from "../../policy/kubernetes/read.ts"
import type {Decision, Request} from "../../policy/request.ts"
import type {KubeObject} from "../../snapshot/object.ts"
import {after, labelled} from "../istio/ambient-moments.ts"
import type {Moments} from "../moments.ts"
import type {Translated} from "../types.ts"
import {sidecarMark} from "./from-istio.ts"

export type CiliumMove = {
	readonly namespace: string
	/** All that decides before the move: Istio's policies, and those of the network. */
	readonly objects: readonly KubeObject[]
	readonly made: Translated
	readonly roots: readonly string[]
}

/** What Cilium enforces: policies of its own, and Kubernetes'. */
const enforcedByCilium = (objects: readonly KubeObject[]): readonly CiliumPolicy[] => [
	...ciliumPoliciesIn(objects),
	...networkPoliciesIn(objects).map(asCiliumPolicy),
]

/** Both have to allow; who denies first says why. */
const both = (first: Decision, second: () => Decision): Decision =>
	first.verdict === "deny" ? first : second()

/** A caller of the namespace that has moved proves nothing any more. */
const moved = (request: Request, namespace: string): Request =>
	request.source.namespace === namespace ? withIdentity(request, undefined) : request

/** The moments at which policies decide while a namespace leaves its sidecars for the network. */
export function ciliumMoments({namespace, objects, made, roots}: CiliumMove): Moments {
	const sidecars = istioWorld(objects, roots)
	const withNew = after(objects, made.before)
	const start = enforcedByCilium(objects)
	const added = enforcedByCilium(withNew)
	const finished = enforcedByCilium(after(withNew, made.after, made.retired))
	const behindSidecar = (network: readonly CiliumPolicy[], one: Request) =>
		both(decideAtSidecar(sidecars, one), () =>
			decideAtCilium(network, labelled(one, {[sidecarMark]: "istio"})),
		)
	return {
		before: (one) => behindSidecar(start, one),
		during: {
			"the first objects": (one) => behindSidecar(added, one),
			"a caller that has moved": (one) => behindSidecar(added, moved(one, namespace)),
			"a pod that has moved": (one) => decideAtCilium(added, one),
		},
		end: (one) => decideAtCilium(finished, one),
		// The pod's own node is let in by every network; a reason of its own speaks of it.
		promises: ({source}) => source.outside !== "node",
	}
}
