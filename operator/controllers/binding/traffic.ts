import type {MeshProfile} from "../../../crds/generated.ts"
import {plural} from "../../../profiles/names.ts"
import type {TrafficView} from "../../../profiles/traffic/traffic.ts"
import {profileDefaults} from "../../api/defaults.ts"
import type {SideReading, TrafficReading} from "../../prometheus/read-traffic.ts"
import {isoTime} from "../iso-time.ts"
import type {Migration} from "./record.ts"

export type Gates = NonNullable<NonNullable<MeshProfile["spec"]["migration"]>["gates"]>
/** What was measured, as the binding keeps it. */
export type Measurement = NonNullable<NonNullable<Migration["traffic"]>["baseline"]>
type Side = NonNullable<Measurement["sides"]>[number]

/** `hold`: nobody can tell yet, and whoever cannot tell does not go on. */
export type TrafficVerdict = {readonly verdict: "pass" | "fail" | "hold"; readonly message: string}

/** What a binding keeps of a reading; undefined when there was nothing to read. */
export function measured(reading: TrafficReading, now: number): Measurement | undefined {
	if ("problem" in reading) return undefined
	return {measuredAt: isoTime(now), seconds: reading.seconds, sides: reading.sides.map(sideOf)}
}

/** Counters that are extrapolated to a window give fractions: a failed half is a failure. */
const sideOf = ({side, requests, succeeded, p99Millis}: SideReading): Side => ({
	side,
	requests: Math.round(requests),
	failed: Math.min(Math.round(requests), Math.max(0, Math.ceil(requests - succeeded - 0.01))),
	...(p99Millis === undefined ? {} : {p99Millis}),
})

/** Enough requests to compare with later, and how long they took. */
export function judgeBaseline(gates: Gates, reading: TrafficReading): TrafficVerdict {
	const sides = sidesOf(reading)
	if (typeof sides === "string") return hold(sides)
	const few = tooFew(gates, sides)
	if (few !== undefined) return hold(few)
	const known = sides.filter(({p99Millis}) => p99Millis !== undefined)
	if (known.length === 0) return hold("how long requests take is not measured")
	return {
		verdict: "pass",
		message: known.map(({side, p99Millis}) => `p99 ${millis(p99Millis)} by ${by[side]}`).join(", "),
	}
}

/** The requests since a wave moved against what the profile asks for, and against the time before. */
export function judgeTraffic(
	gates: Gates,
	reading: TrafficReading,
	baseline: Measurement | undefined,
): TrafficVerdict {
	const sides = sidesOf(reading)
	return typeof sides === "string" ? hold(sides) : judgeSides(gates, sides, baseline)
}

/** The same of what a binding has kept. */
export function judgeSides(
	gates: Gates,
	sides: readonly Side[],
	baseline: Measurement | undefined,
): TrafficVerdict {
	const failing = sides.find((side) => isFailing(gates, side))
	if (failing !== undefined) return {verdict: "fail", message: share(failing)}
	const few = tooFew(gates, sides)
	if (few !== undefined) return hold(few)
	const slow = gates.latencyP99 && slowness(gates.latencyP99.maxIncreasePercent, sides, baseline)
	if (slow !== undefined && slow.verdict !== "pass") return slow
	const most = sides.toSorted((a, b) => b.requests - a.requests)[0]
	const parts = [most && share(most), slow?.message].filter((part) => part !== undefined)
	return {verdict: "pass", message: parts.join(", ")}
}

const hold = (message: string): TrafficVerdict => ({verdict: "hold", message})

function sidesOf(reading: TrafficReading): readonly Side[] | string {
	if ("problem" in reading) return reading.problem
	if (reading.sides.length === 0) return "no recent sample counts requests to this namespace"
	return reading.sides.map(sideOf)
}

/** Where a Prometheus is given and no share. */
const leastPercent = 99.9

const leastOf = ({successRate}: Gates): number => successRate?.minRequests ?? profileDefaults.minRequests

/**
 * More failures than the share allows. With fewer requests than asked for the rest are taken as successes: so a
 * single failure among few is no verdict, and a burst of them is, at once.
 */
function isFailing(gates: Gates, {requests, failed}: Side): boolean {
	const minPercent = gates.successRate?.minPercent ?? leastPercent
	const counted = Math.max(requests, leastOf(gates))
	// 999 of 1,000 are 99.9 percent, whatever binary fractions make of that.
	return (100 * (counted - failed)) / counted < minPercent - 1e-9
}

function tooFew(gates: Gates, sides: readonly Side[]): string | undefined {
	const most = Math.max(0, ...sides.map(({requests}) => requests))
	const least = leastOf(gates)
	return most < least ? `${plural(most, "request")} of the ${least} that a verdict needs` : undefined
}

/** Each side is compared with itself: a caller's clock also counts the way. */
function slowness(
	maxIncreasePercent: number,
	sides: readonly Side[],
	baseline: Measurement | undefined,
): TrafficVerdict | undefined {
	// Without the step that measures it, a person has accepted that the latency is not judged.
	if (baseline === undefined) return undefined
	const pairs = sides.flatMap(({side, p99Millis: after}) => {
		const before = baseline.sides?.find((one) => one.side === side)?.p99Millis
		return before === undefined || after === undefined ? [] : [{side, before, after}]
	})
	if (pairs.length === 0)
		return hold("how long requests take is not measured on the side that the baseline is of")
	const slow = pairs.find(({before, after}) => after > before * (1 + maxIncreasePercent / 100))
	const told = (slow === undefined ? pairs : [slow]).map(
		({side, before, after}) => `p99 ${millis(after)} by ${by[side]} (${millis(before)} before)`,
	)
	return {verdict: slow === undefined ? "pass" : "fail", message: told.join(", ")}
}

const by: Readonly<Record<TrafficView["side"], string>> = {
	server: "its servers",
	client: "its callers",
	connections: "connections",
}

function share({side, requests, failed}: Side): string {
	const what = side === "connections" ? "connection" : "request"
	const percent = requests === 0 ? 100 : (100 * (requests - failed)) / requests
	return `${Math.floor(percent * 100) / 100} % of ${plural(requests, what)} succeeded`
}

const millis = (value: number | undefined): string => `${Math.round((value ?? 0) * 10) / 10} ms`
