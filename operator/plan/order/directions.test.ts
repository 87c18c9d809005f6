import {describe, expect, it} from "vitest"
import {directionOf} from "./directions.ts"

describe("which side of a call moves first", () => {
	it.each([
		["istio-sidecar", "istio-ambient", "clients"],
		["istio-ambient", "istio-sidecar", "servers"],
		["istio-sidecar", "linkerd", "servers"],
		["linkerd", "istio-ambient", "servers"],
		["istio-sidecar", "cilium", "servers"],
		["cilium", "istio-sidecar", "servers"],
		["none", "istio-sidecar", "servers"],
		["istio-ambient", "none", "servers"],
		["an unheard-of dataplane", "istio-sidecar", undefined],
	])("from %s to %s: %s", (from, to, first) => {
		expect(directionOf(from, to)?.first).toBe(first)
	})

	it("follows what reaches what where no row says more", () => {
		const {first, source} = directionOf("none", "linkerd") ?? {}
		expect(first).toBe("servers")
		expect(source).toMatch(/\w/)
	})
})
