import {controlPlanes} from "../../../../plan/testing/cluster.ts"
import type {SimCluster} from "../cluster.ts"
import {scene} from "../scenes.ts"
import {Story} from "../story.ts"
import {swift, type Told, when} from "./told.ts"

function withFault(how: "crashing" | "unready", cluster: SimCluster): SimCluster {
	cluster.faults.set("Deployment/shop/web", {on: "istio-sidecar", how})
	return cluster
}

const put = (cluster: SimCluster, objects: readonly Parameters<SimCluster["put"]>[0][]): void => {
	for (const object of objects) cluster.put(object)
}

/** What goes wrong, and what becomes of it. */
export const troubles: readonly Told[] = [
	{
		name: "crash-rolls-back",
		about: "The second workload crashes beside its sidecar: everything goes back, the first one too.",
		happens: () => new Story(withFault("crashing", scene({mode: "Sidecar", spec: swift}))).goOn(),
	},
	{
		name: "crash-holds",
		about: "The same with onFailure Hold: what has moved stays, and a person decides.",
		happens: () => {
			const migration = {...swift.migration, onFailure: "Hold"} as const
			return new Story(withFault("crashing", scene({mode: "Sidecar", spec: {migration}})))
				.goOn()
				.person("fixes the image of web, which makes its pods anew", (cluster) => {
					cluster.faults.clear()
					const broken = cluster.objects.filter(({metadata}) => metadata.name.startsWith("web-5d"))
					for (const pod of broken) cluster.remove(pod)
				})
				.goOn()
				.editProfile("touches the profile to go on", {priority: 1})
				.goOn()
		},
	},
	{
		name: "never-ready-rolls-back",
		about: "The pods of the second workload never become ready: after ten minutes it goes back.",
		happens: () => new Story(withFault("unready", scene({mode: "Sidecar", spec: swift}))).goOn(),
	},
	{
		name: "warning-at-the-gate",
		about: "A warning of the cluster fails the gate after the first wave.",
		happens: () =>
			new Story(scene({mode: "Sidecar"}), {
				warnings: [
					{
						reason: "InjectionSkipped",
						object: "Pod/shop/cart-5d-1",
						note: "the webhook did not answer",
						at: "2026-01-01T00:00:30Z",
					},
				],
			}).goOn(),
	},
	{
		name: "control-plane-unhealthy",
		about: "The control plane fails mid-way: what rolls finishes, nothing new starts until it is healthy.",
		happens: () =>
			new Story(scene({mode: "Sidecar", spec: swift}))
				.turns(3)
				.person("breaks istiod", (cluster) => put(cluster, controlPlanes["istio-broken"]()))
				.goOn()
				.person("repairs istiod", (cluster) => put(cluster, controlPlanes.istio()))
				.goOn(),
	},
	{
		name: "gone-control-plane",
		about:
			"The control plane is uninstalled while a workload rolls: nothing is judged by what cannot be asked.",
		happens: () =>
			new Story(scene({mode: "Sidecar", spec: swift}))
				.goOn(when("roll-deployment-cart", "Running"))
				.person("uninstalls istiod", (cluster) => {
					for (const object of controlPlanes.istio()) if (object.kind !== "Namespace") cluster.remove(object)
				})
				.turns(4)
				.person("installs it again", (cluster) => put(cluster, controlPlanes.istio()))
				.goOn(),
	},
	{
		name: "pre-image-unreadable",
		about: "Somebody broke the namespace's pre-image: the way back stops before anything else, and says so.",
		happens: () =>
			new Story(scene({mode: "Sidecar", spec: swift}))
				.goOn()
				.person("breaks the annotation heddle.dev/previous", (cluster) => {
					const binding = cluster.find("MeshBinding/shop/mesh")
					if (binding === undefined) return
					const annotations = {...binding.metadata.annotations, "heddle.dev/previous": "{not JSON"}
					cluster.put({...binding, metadata: {...binding.metadata, annotations}})
				})
				.editBinding("wants the namespace back as it was", {target: "Previous"})
				.goOn(),
	},
]
