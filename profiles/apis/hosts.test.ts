import {describe, expect, test} from "vitest"
import {namespaceOfHost} from "./hosts.ts"

describe("the namespace of a host", () => {
	test.each([
		["cart", "shop"],
		["cart.bank", "bank"],
		["cart.bank.svc", "bank"],
		["cart.bank.svc.cluster.local", "bank"],
		["*.bank.svc.cluster.local", "bank"],
		["*", "*"],
		["*.local", "*"],
		["*.svc.cluster.local", "*"],
		["api.example.com", undefined],
		["*.example.com", undefined],
	])("%s, named in shop, is of %s", (host, namespace) => {
		expect(namespaceOfHost(host, "shop")).toBe(namespace)
	})
})
