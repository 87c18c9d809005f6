import type {SideReading, TrafficReading} from "../../../../prometheus/read-traffic.ts"
import {scene} from "../scenes.ts"
import {Story} from "../story.ts"
import {swift, type Told} from "./told.ts"

const prometheus = {address: "http://prometheus.monitoring:9090"}
const gated = (gates: object) => ({migration: {...swift.migration, gates: {prometheus, ...gates}}})

const start = Date.parse("2026-01-01T00:00:00Z")
const seen = (...sides: readonly SideReading[]): TrafficReading => ({seconds: 60, sides})
const server = (requests: number, failed: number, p99Millis?: number): SideReading => ({
	side: "server",
	requests,
	succeeded: requests - failed,
	...(p99Millis === undefined ? {} : {p99Millis}),
})
const client = (requests: number, failed: number, p99Millis: number): SideReading => ({
	...server(requests, failed, p99Millis),
	side: "client",
})

/** Gates that read metrics: what is measured decides, and what is not measured holds. */
export const metrics: readonly Told[] = [
	{
		name: "metrics-pass",
		about: "Requests are measured before and after each wave, and the latency stays within its bound.",
		happens: () =>
			new Story(scene({mode: "Sidecar", spec: gated({latencyP99: {maxIncreasePercent: 25}})}), {
				traffic: (now) => seen(client(5000, 1, now === start ? 10 : 12)),
			}).goOn(),
	},
	{
		name: "metrics-too-few-hold",
		about: "Too few requests tell nothing: the migration holds where it is, until there are enough.",
		happens: () =>
			new Story(scene({mode: "Sidecar", spec: gated({successRate: {minPercent: 99, minRequests: 100}})}), {
				traffic: (now) => seen(server(Math.min(500, Math.floor((now - start) / 1_000)), 0)),
			}).goOn(),
	},
	{
		name: "metrics-failures-roll-back",
		about: "One request in fifty fails after the first wave: everything goes back.",
		happens: () =>
			new Story(scene({mode: "Sidecar", spec: gated({})}), {traffic: () => seen(server(1000, 20))}).goOn(),
	},
	{
		name: "metrics-callers-know",
		about: "The servers count nothing but successes; the callers know of requests that never arrived.",
		happens: () =>
			new Story(scene({mode: "Sidecar", spec: gated({})}), {
				traffic: () => seen(server(900, 0), client(1000, 100, 5)),
			}).goOn(),
	},
	{
		name: "metrics-slower-hold",
		about: "Requests have become slower than the profile allows, and a person decides what then.",
		happens: () => {
			const spec = gated({latencyP99: {maxIncreasePercent: 25}})
			const migration = {...spec.migration, onFailure: "Hold"} as const
			return new Story(scene({mode: "Sidecar", spec: {migration}}), {
				traffic: (now) => seen(client(1000, 0, now === start ? 10 : 12.6)),
			})
				.goOn()
				.editProfile("allows half as much again", {
					migration: {...migration, gates: {prometheus, latencyP99: {maxIncreasePercent: 50}}},
				})
				.goOn()
		},
	},
	{
		name: "metrics-unreachable-hold",
		about: "Prometheus cannot be reached for a while. Nothing goes on meanwhile, and nothing goes back.",
		happens: () =>
			new Story(scene({mode: "Sidecar", spec: gated({})}), {
				traffic: (now) =>
					now - start < 1_800_000
						? {problem: "http://prometheus.monitoring:9090 cannot be reached: connect ECONNREFUSED"}
						: seen(server(1000, 0)),
			}).goOn((cluster) => cluster.now - start > 3_600_000),
	},
]
