import {satisfies} from "semver"
import type {Capability, CostItem, Dataplane, Support} from "./dataplane.ts"
import type {Feature} from "./features.ts"

const order: readonly Support[] = ["no", "preview", "via", "waypoint", "native"]

/** A pre-release is as capable as the release that it leads to: vendors' builds carry such suffixes. */
function covers(range: string, version: string): boolean {
	const release = version.split("-")[0] ?? version
	return satisfies(release, range, {loose: true})
}

/**
 * How a dataplane carries a feature in a version. Without a version the weakest row counts, since nothing proves
 * that a newer one applies; without any matching row the answer is `no`.
 */
export function capabilityOf(dataplane: Dataplane, feature: Feature, version?: string): Capability {
	const known = cells.get(dataplane) ?? new Map<string, Capability>()
	cells.set(dataplane, known)
	const key = `${feature} ${version ?? ""}`
	const cell = known.get(key) ?? cellOf(dataplane, feature, version)
	known.set(key, cell)
	return cell
}

/** Every namespace asks for the same few cells, and ranges are slow to read. */
const cells = new WeakMap<Dataplane, Map<string, Capability>>()

function cellOf(dataplane: Dataplane, feature: Feature, version?: string): Capability {
	const rows = dataplane.capabilities.filter((row) => row.feature === feature)
	const row = version === undefined ? weakest(rows) : rows.find(({versions}) => covers(versions, version))
	return (
		row ?? {
			feature,
			versions: "*",
			support: "no",
			note: "nothing is stated for this version",
			source: dataplane.name,
		}
	)
}

function weakest(rows: readonly Capability[]): Capability | undefined {
	return [...rows].sort((a, b) => order.indexOf(a.support) - order.indexOf(b.support))[0]
}

/** What a dataplane's parts cost in a version, one item per part; without a version the newest that is known. */
export function costsOf(dataplane: Dataplane, version?: string): readonly CostItem[] {
	const rows = dataplane.costs.filter(({versions}) => version === undefined || covers(versions, version))
	return rows.filter((row, index) => rows.findIndex(({per}) => per === row.per) === index)
}
