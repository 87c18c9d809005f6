import {describe, expect, test} from "vitest"
import {refOf} from "../../snapshot/object.ts"
import {snapshotOf} from "../../snapshot/snapshot.ts"
import {policy} from "../../testing/builders.ts"
import {strictBy} from "./peer-authentication.ts"

type Options = {readonly namespace?: string; readonly createdAt?: string}
const mode = (name: string, value: string, options: Options = {}) =>
	policy("PeerAuthentication", name, {mtls: {mode: value}}, options)
const mesh = {namespace: "istio-system"}
const selector = {matchLabels: {app: "cart"}}
const older = {createdAt: "2025-01-01T00:00:00Z"}
const newer = {createdAt: "2026-01-01T00:00:00Z"}

describe("what makes mTLS strict in a namespace", () => {
	test.each([
		["nothing: plaintext is accepted", [], []],
		["the mesh", [mode("m", "STRICT", mesh)], ["PeerAuthentication/istio-system/m"]],
		[
			"the namespace over the mesh",
			[mode("m", "PERMISSIVE", mesh), mode("n", "STRICT")],
			["PeerAuthentication/shop/n"],
		],
		[
			"not the mesh where the namespace is permissive",
			[mode("m", "STRICT", mesh), mode("n", "PERMISSIVE")],
			[],
		],
		[
			"the mesh where the namespace says nothing",
			[mode("m", "STRICT", mesh), mode("n", "UNSET")],
			["PeerAuthentication/istio-system/m"],
		],
		[
			"the older of two",
			[mode("a", "PERMISSIVE", newer), mode("b", "STRICT", older)],
			["PeerAuthentication/shop/b"],
		],
		["not the newer of two", [mode("a", "STRICT", newer), mode("b", "PERMISSIVE", older)], []],
		[
			"a workload",
			[policy("PeerAuthentication", "w", {selector, mtls: {mode: "STRICT"}})],
			["PeerAuthentication/shop/w"],
		],
		[
			"a port of one",
			[policy("PeerAuthentication", "w", {selector, portLevelMtls: {"80": {mode: "STRICT"}}})],
			["PeerAuthentication/shop/w"],
		],
		["not another namespace", [mode("n", "STRICT", {namespace: "bank"})], []],
	])("%s", (_, objects, wanted) => {
		expect(strictBy(snapshotOf(objects), "shop").map(refOf)).toEqual(wanted)
	})
})
