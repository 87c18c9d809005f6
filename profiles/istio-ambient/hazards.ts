import {policiesLostWhenLeaving} from "../apis/linkerd/leaving.ts"
import {underMesh} from "../cilium/under-mesh.ts"
import type {Move} from "../dataplane.ts"
import {namespacesWithSidecars} from "../istio-sidecar/evidence.ts"
import {leftWaypoints} from "../kmesh/waypoint-image.ts"
import {listed} from "../names.ts"
import type {Reason} from "../reason.ts"
import {reason} from "../reasons.ts"
import {serviceHazards} from "../service-hazards.ts"
import * as kinds from "../snapshot/kinds.ts"
import {refOf} from "../snapshot/object.ts"
import type {Snapshot} from "../snapshot/snapshot.ts"
import {agentNames, agents} from "./agents.ts"
import {dryRunHazards} from "./dry-run.ts"
import {networkPolicyHazards} from "./network-policy.ts"
import {policyHazards} from "./policy-hazards.ts"
import {routingHazards} from "./routing-hazards.ts"
import {sidecarSettingHazards} from "./sidecar-settings.ts"

export function hazards(snapshot: Snapshot, move: Move): readonly Reason[] {
	const {namespace} = move
	return [
		...policyHazards(snapshot, namespace),
		...dryRunHazards(snapshot, move),
		...sidecarSettingHazards(snapshot, namespace),
		...routingHazards(snapshot, namespace),
		...networkPolicyHazards(snapshot, move),
		...headlessHazards(snapshot, namespace),
		...nodeHazards(snapshot, namespace),
		...serviceHazards(snapshot, namespace),
		...leftWaypoints(snapshot, namespace),
		...underMesh(snapshot, namespace, "istio-ambient"),
		...policiesLostWhenLeaving(snapshot, namespace),
	]
}

function headlessHazards(snapshot: Snapshot, namespace: string): readonly Reason[] {
	const headless = snapshot
		.list(kinds.Service, namespace)
		.filter(({spec}) => spec?.clusterIP === "None" && spec.selector !== undefined)
	// Asked last: it looks at every pod of the cluster.
	const callers = headless.length === 0 ? [] : namespacesWithSidecars(snapshot)
	if (callers.length === 0) return []
	return headless.map((service) => {
		const ref = refOf(service)
		const message = `Callers with sidecars (${listed(callers)}) reach the pods of the headless ${ref} in plaintext.`
		return reason("HeadlessPlaintext", {object: ref, message})
	})
}

/** Nodes that the namespace's pods are on now: taints may keep agents off nodes that its tolerations allow. */
function nodeHazards(snapshot: Snapshot, namespace: string): readonly Reason[] {
	const nodes = new Set(
		snapshot
			.list(kinds.Pod, namespace)
			.flatMap(({spec}) => (spec?.hostNetwork === true ? [] : (spec?.nodeName ?? []))),
	)
	return agentNames.flatMap((name) => {
		const readyOn = agents(snapshot).get(name)?.readyOn
		// Without a visible pod of the agent the state of its DaemonSet decides, in `detect`.
		if (readyOn === undefined) return []
		const bare = [...nodes].filter((node) => !readyOn.has(node)).sort()
		if (bare.length === 0) return []
		return [
			reason("NodeWithoutAmbientAgent", {
				message: `${name} is not ready on ${bare.join(", ")}, where pods of ${namespace} run.`,
			}),
		]
	})
}
