import {validRange} from "semver"
import {describe, expect, test} from "vitest"
import {capabilityOf, costsOf} from "./capability.ts"
import {cilium} from "./cilium/index.ts"
import {features} from "./features.ts"
import {istioAmbient} from "./istio-ambient/index.ts"
import {istioSidecar} from "./istio-sidecar/index.ts"
import {none} from "./none/index.ts"
import {dataplaneNamed, dataplanes} from "./registry.ts"

/** What was current when the data was written. */
const current: Readonly<Record<string, string>> = {
	"istio-sidecar": "1.31.1",
	"istio-ambient": "1.31.1",
	linkerd: "2.20.0",
	cilium: "1.20.2",
	"gke-dataplane-v2": "1.36.4",
	"gke-ambient": "1.36.4",
	kmesh: "1.2.0",
	mosn: "1.6.1",
	none: "1.0.0",
}

describe.each(dataplanes.map((dataplane) => [dataplane.name, dataplane] as const))(
	"the data of %s",
	(name, dataplane) => {
		test("says something about each of the 36 features in the current version", () => {
			expect(features).toHaveLength(36)
			expect(
				features.filter(
					(feature) => capabilityOf(dataplane, feature, current[name] ?? "0.0.0").source === name,
				),
			).toEqual([])
		})

		test("every row has a valid range and a source", () => {
			const rows = [...dataplane.capabilities, ...dataplane.costs]
			expect(rows.filter(({versions, source}) => validRange(versions) === null || source.length < 8)).toEqual(
				[],
			)
		})

		test("no row hides behind another of the same feature and range", () => {
			const keys = dataplane.capabilities.map(({feature, versions}) => `${feature} ${versions}`)
			expect(new Set(keys).size).toBe(keys.length)
		})

		test("figures are intervals around what is likely", () => {
			const figures = dataplane.costs.flatMap(({requests, usage}) => [
				requests.cpuMillis,
				requests.memoryMiB,
				usage.cpuMillis,
				usage.memoryMiB,
			])
			expect(figures.filter(({low, likely, high}) => !(low <= likely && likely <= high))).toEqual([])
		})

		test("is found by its name", () => {
			expect(dataplaneNamed(name)).toBe(dataplane)
		})
	},
)

describe("capabilityOf", () => {
	test.each([
		["a row of its own range", capabilityOf(istioSidecar, "FIPS", "1.31.1"), "preview"],
		[
			"a pre-release is as capable as its release",
			capabilityOf(istioSidecar, "FIPS", "1.31.0-rc.1"),
			"preview",
		],
		["an older version", capabilityOf(istioSidecar, "FIPS", "1.30.5"), "no"],
		["without a version the weakest counts", capabilityOf(istioSidecar, "FIPS"), "no"],
		[
			"a mark for the waypoint is no preview",
			capabilityOf(istioAmbient, "L7Authorization", "1.31.1"),
			"waypoint",
		],
		["a beta is a preview", capabilityOf(istioAmbient, "MultiCluster", "1.31.1"), "preview"],
		[
			"before general availability nothing is stated",
			capabilityOf(istioAmbient, "MTLSStrict", "1.21.0"),
			"no",
		],
		["a release with a known hole is unproven", capabilityOf(cilium, "TrafficSplit", "1.19.1"), "preview"],
		["the release that repairs it is not", capabilityOf(cilium, "TrafficSplit", "1.18.8"), "native"],
		["a repair counts in each line", capabilityOf(istioSidecar, "BackendTLS", "1.30.4"), "native"],
		["and not in the line's next", capabilityOf(istioSidecar, "BackendTLS", "1.31.0"), "preview"],
		["no mesh carries no rules", capabilityOf(none, "L4Authorization"), "no"],
	])("%s", (_, {support}, wanted) => {
		expect(support).toBe(wanted)
	})
})

describe("costsOf", () => {
	test("one item per part, of the version's own range", () => {
		expect(costsOf(istioSidecar, "1.13.0").map(({usage}) => usage.cpuMillis.likely)).toEqual([350])
		expect(costsOf(istioSidecar).map(({usage}) => usage.cpuMillis.likely)).toEqual([200])
		expect(costsOf(istioAmbient, "1.31.1").map(({per}) => per)).toEqual(["node", "waypoint"])
	})
})
