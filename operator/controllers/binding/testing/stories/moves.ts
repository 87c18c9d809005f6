import {policy} from "../../../../../profiles/testing/builders.ts"
import {scene} from "../scenes.ts"
import {Story} from "../story.ts"
import {onAmbient, onSidecars, swift, type Told, when} from "./told.ts"

const injected = {"istio-injection": "enabled"}
const canary = policy("HTTPRoute", "cart", {
	parentRefs: [{group: "", kind: "Service", name: "cart", port: 80}],
	rules: [{matches: [{headers: [{name: "x-canary", value: "1"}]}], backendRefs: [{name: "cart", port: 80}]}],
})

/** Moves from each family to each other, and every kind of workload. */
export const moves: readonly Told[] = [
	{
		name: "none-to-sidecar",
		about:
			"Two Deployments without a mesh get sidecars, one after the other; the namespace's default follows last.",
		happens: () => new Story(scene({mode: "Sidecar"})).goOn(),
	},
	{
		name: "sidecar-to-ambient",
		about: "Sidecars leave and ambient takes over, with each workload opting out of what it leaves.",
		happens: () =>
			new Story(scene({mode: "Sidecarless", labels: injected, workloads: onSidecars, spec: swift})).goOn(),
	},
	{
		name: "ambient-to-sidecar",
		about: "Ambient workloads get sidecars.",
		happens: () =>
			new Story(
				scene({
					mode: "Sidecar",
					labels: {"istio.io/dataplane-mode": "ambient"},
					workloads: onAmbient,
					spec: swift,
				}),
			).goOn(),
	},
	{
		name: "waypoint-brought",
		about:
			"A route needs a waypoint. The owner of the namespace accepts its risk; it comes up first, then callers use it, then pods move.",
		happens: () =>
			new Story(scene({mode: "Sidecarless", spec: swift, objects: [canary]}))
				.goOn()
				.editBinding("accepts WaypointOrderUnproven and CallOrderUnknown in this namespace", {
					accept: ["WaypointOrderUnproven", "CallOrderUnknown"],
				})
				.goOn(),
	},
	{
		name: "waypoint-taken-back",
		about: "The same, and then back: the waypoint goes last, when no pod needs it any more.",
		happens: () =>
			new Story(
				scene({
					mode: "Sidecarless",
					spec: {migration: {...swift.migration, accept: ["WaypointOrderUnproven"]}},
					objects: [canary],
				}),
			)
				.goOn()
				.editBinding("wants the namespace back as it was", {target: "Previous"})
				.goOn(),
	},
	{
		name: "statefulset-by-partition",
		about: "A StatefulSet moves from its last pod to its first, each proven before the next.",
		happens: () =>
			new Story(
				scene({mode: "Sidecar", workloads: [{kind: "StatefulSet", name: "db", on: "none"}], spec: swift}),
			).goOn(),
	},
	{
		name: "statefulset-back-midway",
		about: "A StatefulSet goes back when one of its pods has moved; its partition is as its owner had it.",
		happens: () =>
			new Story(
				scene({mode: "Sidecar", workloads: [{kind: "StatefulSet", name: "db", on: "none"}], spec: swift}),
			)
				.goOn(
					(cluster) =>
						cluster.find("Pod/shop/db-2")?.metadata.annotations?.["sidecar.istio.io/status"] === "{}",
				)
				.editBinding("wants the namespace back as it was", {target: "Previous"})
				.goOn(),
	},
	{
		name: "every-kind",
		about:
			"A DaemonSet rolls, a CronJob's next run will start there, a paused Deployment waits for its owner.",
		happens: () =>
			new Story(
				scene({
					mode: "Sidecar",
					workloads: [
						{kind: "DaemonSet", name: "agent", on: "none"},
						{kind: "CronJob", name: "report"},
						{kind: "Deployment", name: "old", on: "none", options: {paused: true}},
					],
					spec: {migration: {...swift.migration, accept: ["DeploymentPaused", "SingleReplica"]}},
				}),
			).goOn(),
	},
	{
		name: "pods-made-anew",
		about:
			"The templates say what is wanted and the pods were made before: they are made anew, by a mark alone.",
		happens: () =>
			new Story(
				scene({
					mode: "Sidecar",
					labels: injected,
					spec: swift,
					workloads: [
						{
							kind: "Deployment",
							name: "cart",
							on: "none",
							options: {
								template: {
									metadata: {labels: {"sidecar.istio.io/inject": "true", "istio.io/dataplane-mode": "none"}},
								},
							},
						},
					],
				}),
			)
				.goOn()
				.editBinding("wants the namespace back as it was", {target: "Previous"})
				.goOn(when("roll-deployment-cart", "Undone")),
	},
]
