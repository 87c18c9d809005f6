import type {MeshProfileExtension, MeshProfileSpec} from "../../../../../crds/generated.ts"
import {profileDefaults} from "../../../../api/defaults.ts"
import type {Answers, ModulesReading} from "../../../../prometheus/read-modules.ts"
import type {Run} from "../reconcile.ts"
import {scene} from "../scenes.ts"
import {Story} from "../story.ts"
import {onSidecars, type Told, when} from "./told.ts"

const token = (version: number): MeshProfileExtension => ({
	name: "token",
	url: `oci://registry.example/token:${version}`,
	sha256: String(version).repeat(64),
	phase: "Authn",
	selector: {matchLabels: {app: "cart"}},
})

const prometheus = {address: "http://prometheus.monitoring:9090"}
const gated = (version: number): Partial<MeshProfileSpec> => ({
	extensions: [token(version)],
	migration: {waves: {soak: "30s"}, gates: {prometheus}, accept: ["ExtensionNotProved"]},
})

const passing: Answers = {requests: 500, failed: 0, refused: 5, p99Millis: 10}
const well = (pods: readonly string[]) => ({
	seconds: 60,
	seen: pods.length,
	loaded: pods.length,
	failures: 0,
	active: 2,
	answers: passing,
	others: passing,
})

const onSidecar = (metrics: Run["modules"] = well) =>
	new Story(
		scene({mode: "Wasm", labels: {"istio-injection": "enabled"}, workloads: onSidecars, spec: gated(1)}),
		metrics === undefined ? {} : {modules: metrics},
	)

/** What the second version does, where the first did well. */
const then = (second: (pods: readonly string[]) => ModulesReading) => {
	let changed = false
	const story = onSidecar((pods) => (changed ? second(pods) : well(pods))).goOn()
	changed = true
	return story.editProfile("gives another digest", gated(2))
}

/** Modules come to a few pods before they come to all. */
export const tried: readonly Told[] = [
	{
		name: "module-widened",
		about:
			"A module is new to pods in sidecars: a copy of cart has it first, then all of cart, and no pod restarts.",
		happens: () => onSidecar().goOn(),
	},
	{
		name: "module-after-the-move",
		about:
			"Pods move into sidecars first; the module is tried in a migration of its own. It fails, and the pods stay where they are.",
		happens: () =>
			new Story(scene({mode: "Wasm", spec: gated(1)}), {
				traffic: () => ({seconds: 60, sides: [{side: "server", requests: 500, succeeded: 500}]}),
				modules: (pods) => ({...well(pods), failures: 3, loaded: 0}),
			}).goOn(),
	},
	{
		name: "module-refuses",
		about:
			"Another digest of a module that runs: its copy refuses a third of the requests, and the first digest stays everywhere.",
		happens: () => then((pods) => ({...well(pods), answers: {...passing, refused: 170}})).goOn(),
	},
	{
		name: "module-fails-when-widened",
		about:
			"The copy does well, and then the proxies of all pods cannot have the module: back to the digest before.",
		happens: () =>
			then((pods) =>
				pods.some((name) => name.includes("canary")) ? well(pods) : {...well(pods), failures: 2},
			).goOn(),
	},
	{
		name: "module-not-scraped-holds",
		about: "Nobody scrapes the copy. Nothing goes on, and its owner gives up.",
		happens: () =>
			onSidecar((pods) => ({...well(pods), seen: 0}))
				.goOn(
					(cluster) =>
						when("prove-token/cart-heddle-canary", "Running")(cluster) && cluster.now > start + 120_000,
				)
				.editBinding("wants the namespace back as it was", {target: "Previous"})
				.goOn(),
	},
	{
		name: "module-copy-taken-away",
		about: `Somebody deletes the copy that is watched for ${profileDefaults.soak}: what nobody saw to its end is no success.`,
		happens: () =>
			onSidecar()
				.goOn(when("prove-token/cart-heddle-canary", "Running"))
				.deletes("Deployment/shop/cart-heddle-canary")
				.goOn(),
	},
]

const start = Date.parse("2026-01-01T00:00:00Z")
