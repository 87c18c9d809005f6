import {satisfies} from "semver"
import type {Capability, CostItem, Dataplane, Support} from "./dataplane.ts"
import type {Feature} from "./features.ts"

const order: readonly Support[] = ["no", "preview", "via", "waypoint", "native"]

/** A pre-release is as capable as the release that it leads to: vendors' builds carry such suffixes. */
const matches = (version: string, range: string) =>
	satisfies(version, range, {includePrerelease: true, loose: true})

/**
 * How a dataplane carries a feature in a version. Without a version the weakest row counts, since nothing proves
 * that a newer one applies; without any matching row the answer is `no`.
 */
export function capabilityOf(dataplane: Dataplane, feature: Feature, version?: string): Capability {
	const rows = dataplane.capabilities.filter((row) => row.feature === feature)
	const row =
		version === undefined
			? [...rows].sort((a, b) => order.indexOf(a.support) - order.indexOf(b.support))[0]
			: rows.find(({versions}) => matches(version, versions))
	return (
		row ?? {
			feature,
			versions: "*",
			support: "no",
			note: "no statement for this version",
			source: "absent from the data",
		}
	)
}

/** What a dataplane's parts cost in a version: the first row per part; without a version the first of all. */
export function costsOf(dataplane: Dataplane, version?: string): readonly CostItem[] {
	return dataplane.costs.filter(
		({versions}) => version === undefined || versions === "*" || matches(version, versions),
	)
}
