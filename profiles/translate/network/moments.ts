import {decideAtZtunnel, istioWorld} from "../../policy/istio/decide.ts"
import {decideIngress} from "../../policy/kubernetes/decide.ts"
import {networkPoliciesIn} from "../../policy/kubernetes/read.ts"
import type {Decision, Request} from "../../policy/request.ts"
import type {KubeObject} from "../../snapshot/object.ts"
import {labelled} from "../istio/ambient-moments.ts"
import {movedToAmbient} from "../istio/to-ambient.ts"
import type {Moments} from "../moments.ts"
import type {Translated} from "../types.ts"
import {hbone} from "./to-ambient.ts"

/** As the network sees a connection between pods in ambient. */
const throughTunnel = (request: Request): Request => ({
	...request,
	destination: {...request.destination, port: hbone},
})

/** The moments at which the network and ztunnel together decide about pods that go into ambient. */
export function tunnelMoments(policies: readonly KubeObject[], {before}: Translated): Moments {
	const start = networkPoliciesIn(policies)
	const opened = networkPoliciesIn([...policies, ...before])
	const world = istioWorld(before, [])
	const inAmbient = (request: Request): Decision => {
		const moved = labelled(request, movedToAmbient)
		const tunnelled = request.source.identity !== undefined && (request.protocol ?? "TCP") === "TCP"
		const network = decideIngress(opened, tunnelled ? throughTunnel(moved) : moved)
		return network.verdict === "deny" ? network : decideAtZtunnel(world, moved)
	}
	return {
		before: (one) => decideIngress(start, one),
		during: {
			"a pod that has not moved": (one) => decideIngress(opened, one),
		},
		end: inAmbient,
		// The pod's own node passes ztunnel by.
		promises: ({source}) => source.outside !== "node",
	}
}
