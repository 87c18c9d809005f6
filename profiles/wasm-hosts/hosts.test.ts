import {intersects} from "semver"
import {describe, expect, it} from "vitest"
import {snapshotOf} from "../snapshot/snapshot.ts"
import {policy} from "../testing/builders.ts"
import {gateway} from "../testing/policies.ts"
import {wasmHost, wasmHosts} from "./hosts.ts"
import {servedBy} from "./served-by.ts"

describe("a host of modules", () => {
	it.each([
		["istio-sidecar", "1.31.1", "TrafficExtension"],
		["istio-sidecar", "1.30.0-alpha.1", "TrafficExtension"],
		["istio-sidecar", "1.29.3", "WasmPlugin"],
		["istio-sidecar", undefined, "WasmPlugin"],
		["envoy-gateway", "1.9.0", "EnvoyExtensionPolicy"],
		["istio-waypoint", "1.22.0", undefined],
	] as const)("%s %s brings a %s", (name, version, kind) => {
		expect(wasmHost(name, version)?.object?.kind).toBe(kind)
	})

	it("has rows that do not overlap, each with its source", () => {
		for (const row of wasmHosts) {
			expect(row.source).not.toBe("")
			const others = wasmHosts.filter((one) => one !== row && one.name === row.name)
			expect(others.filter(({versions}) => intersects(versions, row.versions))).toEqual([])
		}
	})

	it("that has an object to write says what becomes of both failure policies and of the digest", () => {
		for (const {object, failure, digests} of wasmHosts.filter((one) => one.object !== undefined))
			expect([object?.kind, failure.Fail, failure.Ignore, digests.oci]).not.toContain(undefined)
	})
})

describe("who serves a Gateway", () => {
	const of = (controllerName: string) =>
		snapshotOf([
			{...policy("GatewayClass", "edge", {controllerName}), metadata: {name: "edge"}},
			gateway("edge", {className: "edge"}),
		])
	it.each([
		["istio.io/gateway-controller", {host: "istio-gateway"}],
		["istio.io/mesh-controller", {host: "istio-waypoint"}],
		["gateway.envoyproxy.io/gatewayclass-controller", {host: "envoy-gateway"}],
		["apisix.apache.org/apisix-ingress-controller", {host: "apisix"}],
		[
			"example.com/another",
			{unknown: "example.com/another serves shop/edge, and it is no host of modules that Heddle knows"},
		],
	])("%s", (controller, expected) => {
		expect(servedBy(of(controller), "shop", "edge")).toEqual(expected)
	})

	it("is not known without its class, and nobody serves what is not there", () => {
		expect(servedBy(snapshotOf([gateway("edge")]), "shop", "edge")).toHaveProperty("unknown")
		expect(servedBy(snapshotOf([]), "shop", "edge")).toEqual({missing: "There is no Gateway shop/edge"})
	})
})
