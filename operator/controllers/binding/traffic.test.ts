import {describe, expect, it} from "vitest"
import type {SideReading} from "../../prometheus/read-traffic.ts"
import {type Gates, judgeBaseline, judgeTraffic, type Measurement, measured} from "./traffic.ts"

const prometheus = {address: "http://prometheus.monitoring:9090"}
const strict: Gates = {
	prometheus,
	successRate: {minPercent: 99.9, minRequests: 200},
	latencyP99: {maxIncreasePercent: 25},
}
const reading = (...sides: readonly SideReading[]) => ({seconds: 60, sides})
const side = (
	name: SideReading["side"],
	requests: number,
	succeeded: number,
	p99Millis?: number,
): SideReading => ({
	side: name,
	requests,
	succeeded,
	...(p99Millis === undefined ? {} : {p99Millis}),
})
const before: Measurement = {
	measuredAt: "2026-01-01T00:00:00Z",
	seconds: 300,
	sides: [{side: "server", requests: 1000, failed: 0, p99Millis: 10}],
}

describe("requests since a wave moved", () => {
	const cases: readonly (readonly [string, Parameters<typeof judgeTraffic>[1], string])[] = [
		["pass when enough of them succeeded in time", reading(side("server", 1000, 999.5, 12.5)), "pass"],
		["fail when more failed than allowed", reading(side("server", 1000, 998, 10)), "fail"],
		[
			"fail when the callers lost more than allowed",
			reading(side("server", 1000, 1000, 10), side("client", 1000, 990, 10)),
			"fail",
		],
		["fail when they are slower than allowed", reading(side("server", 1000, 1000, 12.6)), "fail"],
		["hold when they are few", reading(side("server", 199, 199, 10)), "hold"],
		[
			"fail when they are few, and one of them is more than 200 may lose",
			reading(side("server", 199, 198, 10)),
			"fail",
		],
		["fail at once when few were made and many of them failed", reading(side("server", 20, 10, 10)), "fail"],
		["fail when none succeeded, and so no such series is there", reading(side("server", 500, 0, 10)), "fail"],
		["hold when nothing counted them", reading(), "hold"],
		["hold when nothing could be read", {problem: "it cannot be reached"}, "hold"],
		["hold when the time is measured elsewhere than before", reading(side("client", 1000, 1000, 10)), "hold"],
		["hold when the time is not measured", reading(side("server", 1000, 1000)), "hold"],
	]
	it.each(cases)("%s", (_, given, verdict) => {
		expect(judgeTraffic(strict, given, before).verdict).toBe(verdict)
	})

	it("are judged by their success alone where a person accepted that nothing is compared", () => {
		expect(judgeTraffic(strict, reading(side("connections", 500, 500)), undefined)).toEqual({
			verdict: "pass",
			message: "100 % of 500 connections succeeded",
		})
	})

	it("must succeed in 99.9 % of cases where the profile names a Prometheus and no share", () => {
		const verdict = (failed: number) =>
			judgeTraffic({prometheus}, reading(side("server", 1000, 1000 - failed)), undefined).verdict
		expect([verdict(1), verdict(2)]).toEqual(["pass", "fail"])
	})
})

describe("the baseline", () => {
	it.each([
		["is taken of enough requests with their time", reading(side("client", 300, 300, 8)), "pass"],
		["waits for enough requests", reading(side("client", 30, 30, 8)), "hold"],
		["waits for their time", reading(side("client", 300, 300)), "hold"],
		["waits for samples", reading(), "hold"],
	])("%s", (_, given, verdict) => {
		expect(judgeBaseline(strict, given).verdict).toBe(verdict)
	})

	it("is kept whole, fractions of extrapolated counters aside", () => {
		expect(measured(reading(side("server", 1000.4, 999.2, 9.5)), 0)).toEqual({
			measuredAt: "1970-01-01T00:00:00Z",
			seconds: 60,
			sides: [{side: "server", requests: 1000, failed: 2, p99Millis: 9.5}],
		})
	})
})
