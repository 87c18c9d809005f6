import type {KubeObject} from "../../../../../profiles/snapshot/object.ts"
import {workload} from "../../../../plan/testing/cluster.ts"
import {type change, patchTemplate, setNamespaceKeys} from "../act.ts"
import type {SimCluster} from "../cluster.ts"
import {scene, shop} from "../scenes.ts"
import {Story} from "../story.ts"
import {onSidecars, swift, type Told, when} from "./told.ts"

const firstMoved = when("roll-deployment-cart", "Done")

/** What people do while a migration runs. */
export const people: readonly Told[] = [
	{
		name: "previous-after-success",
		about: "After a move that went well, the owner of the namespace wants it back; later they go on again.",
		happens: () =>
			new Story(scene({mode: "Sidecar", spec: swift}))
				.goOn()
				.editBinding("wants the namespace back as it was", {target: "Previous"})
				.goOn()
				.editBinding("wants what the profile says again", {target: "Desired"})
				.goOn(),
	},
	{
		name: "previous-while-the-goal-changes",
		about:
			"A new goal and the wish to go back come in one commit: the way back is not lost to what never begins.",
		happens: () =>
			new Story(scene({mode: "Sidecar", spec: swift}))
				.goOn()
				.editProfile("asks for ambient", {dataplane: {mode: "Sidecarless"}})
				.editBinding("and wants the namespace back as it was", {target: "Previous"})
				.goOn(),
	},
	{
		name: "retarget-mid-wave",
		about:
			"The profile is edited while its migration runs: what rolls finishes, then all of it turns to the new goal.",
		happens: () =>
			new Story(scene({mode: "Sidecar", spec: swift}))
				.goOn(firstMoved)
				.editProfile("asks for ambient instead", {dataplane: {mode: "Sidecarless"}})
				.goOn(),
	},
	{
		name: "retarget-refused",
		about:
			"The profile is edited to a goal that is refused: what rolls finishes, nothing new starts, and nothing is called done.",
		happens: () =>
			new Story(scene({mode: "Sidecar", spec: swift}))
				.goOn(firstMoved)
				.editProfile("asks for Cilium, which is not installed", {
					dataplane: {mode: "Sidecarless", provider: "cilium"},
				})
				.goOn()
				.editProfile("asks for sidecars again", {dataplane: {mode: "Sidecar"}})
				.goOn(),
	},
	{
		name: "retarget-not-approved",
		about: "With manual approval a new goal mid-way waits for its own approval.",
		happens: () =>
			new Story(scene({mode: "Sidecar", spec: {migration: {...swift.migration, approval: "Manual"}}}))
				.goOn()
				.editBinding("approves generation 1", {approved: 1})
				.goOn(firstMoved)
				.editProfile("asks for ambient instead", {dataplane: {mode: "Sidecarless"}})
				.goOn()
				.editBinding("approves generation 2", {approved: 2})
				.goOn(),
	},
	{
		name: "paused-mid-wave",
		about: "The profile is paused while a workload rolls: that one finishes, the next one waits.",
		happens: () =>
			new Story(scene({mode: "Sidecar", spec: swift}))
				.turns(3)
				.editProfile("pauses the profile", {paused: true})
				.goOn()
				.editProfile("lets it go on", {paused: false})
				.goOn(),
	},
	{
		name: "held",
		about: "The owner of the namespace holds it before anything starts, and lets it go later.",
		happens: () =>
			new Story(scene({mode: "Sidecar", spec: {...swift, paused: true}}))
				.goOn()
				.editBinding("holds the namespace", {hold: true})
				.editProfile("lets the profile go on", {paused: false})
				.goOn()
				.editBinding("no longer holds the namespace", {hold: false})
				.goOn(),
	},
	{
		name: "manual-approval",
		about: "Nothing moves before a person approves this very generation of the profile.",
		happens: () =>
			new Story(scene({mode: "Sidecar", spec: {migration: {...swift.migration, approval: "Manual"}}}))
				.goOn()
				.editBinding("approves generation 7, which is none of this profile's", {approved: 7})
				.goOn()
				.editBinding("approves generation 1", {approved: 1})
				.goOn(),
	},
	{
		name: "newcomer-mid-wave",
		about: "A workload that appears under way moves as well, before the namespace's default follows.",
		happens: () =>
			new Story(scene({mode: "Sidecar", spec: swift}))
				.goOn(firstMoved)
				.person("creates Deployment/shop/api", (cluster) => {
					for (const object of workload({kind: "Deployment", name: "api", on: "none"})) cluster.put(object)
				})
				.goOn(),
	},
	{
		name: "risky-newcomer-mid-wave",
		about:
			"A workload that appears under way with a risk of its own is not rolled before somebody accepts that.",
		happens: () =>
			new Story(scene({mode: "Sidecar", spec: swift}))
				.goOn(firstMoved)
				.person("creates Deployment/shop/api, which stops before it starts anew", (cluster) => {
					const made = workload({
						kind: "Deployment",
						name: "api",
						on: "none",
						options: {strategy: {type: "Recreate"}},
					})
					for (const object of made) cluster.put(object)
				})
				.goOn()
				.editBinding("accepts RecreateStrategy in this namespace", {accept: ["RecreateStrategy"]})
				.goOn(),
	},
	{
		name: "deleted-mid-wave",
		about: "A workload is deleted while it rolls: there is nothing left to wait for.",
		happens: () =>
			new Story(scene({mode: "Sidecar", spec: swift})).turns(3).deletes("Deployment/shop/cart").goOn(),
	},
	{
		name: "contested-namespace-label",
		about:
			"Somebody takes the namespace's label away as often as Heddle sets it. After the third time it stops, and says who has to stop first; a new decision of the owner tries once more.",
		happens: () => {
			const undo = (cluster: SimCluster) =>
				setNamespaceKeys(cluster, shop, {labels: {"istio-injection": null}, annotations: {}})
			const story = new Story(scene({mode: "Sidecar", spec: swift}))
			for (let times = 0; times < 4; times++) story.goOn().person("takes the label away", undo)
			return story
				.goOn()
				.editBinding("accepts nothing new, and so decides anew", {accept: ["HostPort"]})
				.goOn()
		},
	},
	{
		name: "contested-template",
		about: "Another writer takes the keys away again: Heddle does not fight over them, and says so.",
		happens: () =>
			new Story(scene({mode: "Sidecar", spec: swift}))
				.turns(3)
				.person("(or their GitOps) puts the template of cart back", (cluster) =>
					patchTemplate(cluster, "Deployment/shop/cart", {
						labels: {"sidecar.istio.io/inject": null, "istio.io/dataplane-mode": null},
						annotations: {},
					}),
				)
				.goOn()
				.editBinding("has stopped the other writer, and holds and releases the binding", {hold: true})
				.goOn()
				.editBinding("releases it", {hold: false})
				.goOn(),
	},
	{
		name: "profile-deleted-restore",
		about: "The profile is deleted with deletionPolicy Restore: the namespace goes back to before Heddle.",
		happens: () =>
			new Story(scene({mode: "Sidecar", spec: {...swift, deletionPolicy: "Restore"}}))
				.goOn()
				.editProfile("asks for ambient later on", {dataplane: {mode: "Sidecarless"}})
				.goOn()
				.person("deletes the profile", goes("MeshProfile/payments"))
				.goOn(),
	},
	{
		name: "profile-deleted-retain",
		about: "The profile is deleted with deletionPolicy Retain: the namespace stays where it is.",
		happens: () =>
			new Story(scene({mode: "Sidecar", spec: swift}))
				.goOn()
				.person("deletes the profile", goes("MeshProfile/payments"))
				.goOn(),
	},
	{
		name: "namespace-terminating",
		about: "The namespace is deleted while its workloads move: Heddle is not in the way.",
		happens: () =>
			new Story(scene({mode: "Sidecarless", workloads: onSidecars, spec: swift}))
				.turns(3)
				.person("deletes the namespace, and its content is being deleted", (cluster) => {
					goes(`Namespace/${shop}`)(cluster)
					goes(`MeshBinding/${shop}/mesh`)(cluster)
				})
				.goOn(),
	},
]

/** What the API server makes of a delete of something with finalizers, or of a namespace. */
function goes(ref: string): (cluster: Parameters<typeof change>[0]) => void {
	return (cluster) => {
		const object = cluster.find(ref)
		if (object === undefined) return
		const metadata = {...object.metadata, deletionTimestamp: "2026-01-01T00:00:00Z"}
		cluster.put({...object, metadata} as KubeObject)
	}
}
