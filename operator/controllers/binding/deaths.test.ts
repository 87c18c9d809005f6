import {describe, expect, it} from "vitest"
import type {MeshBinding} from "../../../crds/generated.ts"
import {policy, waypoint} from "../../../profiles/testing/builders.ts"
import {bindingRef, change} from "./testing/act.ts"
import type {SimCluster} from "./testing/cluster.ts"
import {everything, touchedIn} from "./testing/compare.ts"
import {liveThroughDeaths} from "./testing/die.ts"
import {guarded} from "./testing/invariants.ts"
import {live} from "./testing/live.ts"
import type {Run} from "./testing/reconcile.ts"
import {scene, shop} from "./testing/scenes.ts"
import {swift} from "./testing/stories/told.ts"

const template = (labels: Readonly<Record<string, string>>) => ({template: {metadata: {labels}}})
const canary = policy("HTTPRoute", "cart", {
	parentRefs: [{group: "", kind: "Service", name: "cart", port: 80}],
	rules: [{matches: [{headers: [{name: "x", value: "1"}]}], backendRefs: [{name: "cart", port: 80}]}],
})
const accepting = {migration: {...swift.migration, accept: ["WaypointOrderUnproven", "PlaintextHop"]}}

const crashing = (): SimCluster => {
	const cluster = scene({mode: "Sidecar", spec: swift})
	cluster.faults.set("Deployment/shop/web", {on: "istio-sidecar", how: "crashing"})
	return cluster
}

const scenes: readonly (readonly [string, () => SimCluster])[] = [
	["two Deployments get sidecars", () => scene({mode: "Sidecar", spec: swift})],
	["a namespace without workloads gets a label", () => scene({mode: "Sidecar", workloads: []})],
	[
		"a label that overrules the templates goes first",
		() => scene({mode: "Sidecar", labels: {"istio-injection": "disabled"}, spec: swift}),
	],
	["a waypoint is brought", () => scene({mode: "Sidecarless", spec: accepting, objects: [canary]})],
	[
		"a waypoint is there and not used yet",
		() => scene({mode: "Sidecarless", spec: accepting, objects: [canary, waypoint()]}),
	],
	[
		"pods are made anew",
		() =>
			scene({
				mode: "Sidecar",
				labels: {"istio-injection": "enabled"},
				spec: swift,
				workloads: [
					{
						kind: "Deployment",
						name: "cart",
						on: "none",
						options: template({"sidecar.istio.io/inject": "true", "istio.io/dataplane-mode": "none"}),
					},
				],
			}),
	],
	[
		"a StatefulSet moves by its partition",
		() => scene({mode: "Sidecar", spec: swift, workloads: [{kind: "StatefulSet", name: "db", on: "none"}]}),
	],
	[
		"strictness comes last",
		() =>
			scene({
				mode: "Sidecar",
				spec: {migration: {...swift.migration, accept: ["PlaintextCallersUnknown"]}, mtls: "Strict"},
			}),
	],
	["a workload fails and all goes back", crashing],
]

const runOf = (cluster: SimCluster): Run => guarded({cluster, namespace: shop})

function goBack(cluster: SimCluster): void {
	change(cluster, bindingRef(shop), (object) => {
		const binding = object as MeshBinding
		cluster.put({...binding, spec: {...binding.spec, target: "Previous"}} as MeshBinding)
	})
	live(runOf(cluster))
}

describe("an operator that dies before any of its writes", () => {
	it.each(scenes)(
		"%s: the next one comes to the same end",
		(_, made) => {
			const calm = made()
			const writes = liveThroughDeaths(runOf(calm), [])
			const wanted = everything(calm)
			expect(writes).toBeGreaterThan(2)
			for (let death = 0; death < writes; death++) {
				const shaken = made()
				liveThroughDeaths(runOf(shaken), [death])
				expect(everything(shaken), `death before write ${death}`).toEqual(wanted)
			}
		},
		60_000,
	)

	it.each(scenes)(
		"%s: the next one still finds the whole way back",
		(_, made) => {
			const start = touchedIn(made(), shop)
			const writes = liveThroughDeaths(runOf(made()), [])
			for (let death = 0; death < writes; death++) {
				const shaken = made()
				liveThroughDeaths(runOf(shaken), [death])
				goBack(shaken)
				expect(touchedIn(shaken, shop), `death before write ${death}`).toEqual(start)
			}
		},
		60_000,
	)
})
