import type {CallsReading} from "../../../../prometheus/read-calls.ts"
import {scene} from "../scenes.ts"
import {Story} from "../story.ts"
import {swift, type Told} from "./told.ts"

const prometheus = {address: "http://prometheus.monitoring:9090"}
const measuring = {migration: {...swift.migration, gates: {prometheus}}}
const workloads = ["cart", "db", "web"].map(
	(name) => ({kind: "Deployment", name, on: "istio-sidecar"}) as const,
)

const told = (calls: CallsReading) =>
	new Story(
		scene({mode: "Sidecarless", labels: {"istio-injection": "enabled"}, workloads, spec: measuring}),
		{
			calls,
			traffic: () => ({seconds: 60, sides: [{side: "server", requests: 1_000, succeeded: 1_000}]}),
		},
	).goOn()

/** Waves that follow the calls that were measured before anything moved. */
export const order: readonly Told[] = [
	{
		name: "order-measured",
		about: "Prometheus has counted who calls whom: it is asked once, and clients move first.",
		happens: () =>
			told({
				seconds: 3_600,
				calls: [
					{fromNamespace: "shop", from: "cart", to: "db"},
					{fromNamespace: "shop", from: "web", to: "cart"},
				],
			}),
	},
	{
		name: "order-not-measured",
		about:
			"Prometheus could not tell who calls whom: the order is that of the names, and the record says why.",
		happens: () =>
			told({problem: "http://prometheus.monitoring:9090 cannot be reached: connect ECONNREFUSED"}),
	},
]
