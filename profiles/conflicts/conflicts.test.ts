import {describe, expect, test} from "vitest"
import {conflictsOf, conflictsWith, type Newcomer} from "./conflicts.ts"
import type {Member, Stack} from "./stack.ts"

const cluster = (rest: Partial<Stack> = {}): Stack => ({
	kubernetes: "1.33.5",
	kernels: [{node: "n1", version: "6.1.0"}],
	members: [],
	...rest,
})
const member = (product: Member["product"], version: string, rest: Partial<Member> = {}): Member => ({
	product,
	name: product,
	version,
	...rest,
})
const codes = (reasons: readonly {code: string}[]) => reasons.map(({code}) => code)

describe("what is installed", () => {
	test.each<[string, Partial<Stack>, readonly string[]]>([
		["nothing at all", {}, []],
		["Istio on a Kubernetes that it supports", {members: [member("istio", "1.31.1")]}, []],
		["a vendor's build of Istio", {members: [member("istio", "1.31.1-asm.3")]}, []],
		[
			"Istio on a Kubernetes that is too new",
			{kubernetes: "1.37.0", members: [member("istio", "1.31.1")]},
			["VersionNotTested"],
		],
		[
			"Istio on a Kubernetes that is too old",
			{kubernetes: "1.30.9", members: [member("istio", "1.31.1")]},
			["VersionNotTested"],
		],
		[
			"Istio of which nobody knows the version",
			{kubernetes: "1.20.0", members: [{product: "istio", name: "istio"}]},
			[],
		],
		[
			"Istio with CRDs that are too old",
			{gatewayAPI: "0.5.1", members: [member("istio", "1.31.1")]},
			["VersionConflict"],
		],
		["Linkerd within its window", {gatewayAPI: "1.2.1", members: [member("linkerd", "2.20.0")]}, []],
		[
			"Linkerd with newer CRDs",
			{gatewayAPI: "1.6.1", members: [member("linkerd", "2.20.0")]},
			["VersionNotTested"],
		],
		[
			"Cilium with older CRDs",
			{gatewayAPI: "1.5.1", members: [member("cilium", "1.20.2")]},
			["VersionNotTested"],
		],
		[
			"Cilium that does not read the Gateway API",
			{gatewayAPI: "1.5.1", members: [member("cilium", "1.20.2", {ignoresGatewayAPI: true})]},
			[],
		],
		[
			"Cilium and Linkerd, whose windows do not meet",
			{members: [member("cilium", "1.20.2"), member("linkerd", "2.20.0")]},
			["GatewayAPIWindowsDisjoint"],
		],
		["an older Cilium and Linkerd", {members: [member("cilium", "1.19.8"), member("linkerd", "2.20.0")]}, []],
		[
			"Cilium on an old kernel",
			{
				kernels: [
					{node: "n1", version: "6.1.0"},
					{node: "n2", version: "5.4.0"},
				],
				members: [member("cilium", "1.18.11")],
			},
			["VersionConflict"],
		],
		[
			"Cilium on RHEL 8.10",
			{kernels: [{node: "n1", version: "4.18.0"}], members: [member("cilium", "1.18.11")]},
			[],
		],
		[
			"Kmesh with an Istio of its window",
			{kubernetes: "1.31.0", members: [member("istio", "1.25.5"), member("kmesh", "1.2.0")]},
			[],
		],
		[
			"Kmesh with a current Istio",
			{members: [member("istio", "1.31.1"), member("kmesh", "1.2.0")]},
			["VersionConflict"],
		],
		["Kmesh without Istio", {members: [member("kmesh", "1.2.0")]}, ["VersionConflict"]],
		[
			"MOSN with a current Istio",
			{members: [member("istio", "1.31.1"), {product: "mosn", name: "mosn"}]},
			["VersionConflict"],
		],
		[
			"MOSN with a revision of Istio 1.10 beside",
			{kubernetes: "1.21.0", members: [member("istio", "1.10.6"), {product: "mosn", name: "mosn"}]},
			[],
		],
	])("%s", (_name, stack, expected) => {
		expect(codes(conflictsOf(cluster(stack)))).toEqual(expected)
	})

	test("both dataplanes of one Istio say it once", () => {
		const istio = [member("istio", "1.31.1"), member("istio", "1.31.1")]
		expect(conflictsOf(cluster({kubernetes: "1.37.0", members: istio})).length).toBe(1)
	})

	test("a conflict names the nodes and both versions", () => {
		const [conflict] = conflictsOf(
			cluster({kernels: [{node: "old-1", version: "5.4.0"}], members: [member("cilium", "1.18.11")]}),
		)
		expect(conflict?.message).toContain("cilium 1.18.11 needs Linux >=5.10.0")
		expect(conflict?.message).toContain("5.4.0 (old-1)")
	})
})

describe("what may come", () => {
	test.each<[string, Partial<Stack>, Newcomer, readonly string[]]>([
		["Istio on a cluster that suits it", {}, {dataplane: "istio-ambient"}, []],
		["what needs nothing", {}, {dataplane: "none"}, []],
		[
			"Istio on a Kubernetes that is too new",
			{kubernetes: "1.37.0"},
			{dataplane: "istio-ambient"},
			["VersionNotTested"],
		],
		[
			"Istio in a version that suits an older Kubernetes",
			{kubernetes: "1.31.0"},
			{dataplane: "istio-sidecar", version: "1.29.2"},
			[],
		],
		[
			"Kmesh beside a current Istio",
			{members: [member("istio", "1.31.1")]},
			{dataplane: "kmesh"},
			["VersionConflict"],
		],
		[
			"Linkerd beside Cilium",
			{members: [member("cilium", "1.20.2")]},
			{dataplane: "linkerd"},
			["GatewayAPIWindowsDisjoint"],
		],
		[
			"Linkerd beside Cilium with CRDs for Cilium",
			{gatewayAPI: "1.6.1", members: [member("cilium", "1.20.2")]},
			{dataplane: "linkerd"},
			["VersionNotTested", "GatewayAPIWindowsDisjoint"],
		],
		["MOSN on a cluster without Istio", {}, {dataplane: "mosn"}, ["VersionConflict"]],
	])("%s", (_name, stack, newcomer, expected) => {
		expect(codes(conflictsWith(cluster(stack), newcomer))).toEqual(expected)
	})

	test("conflicts among what is there already are not the newcomer's", () => {
		const stack = cluster({members: [member("istio", "1.31.1"), member("kmesh", "1.2.0")]})
		expect(codes(conflictsWith(stack, {dataplane: "linkerd"}))).toEqual([])
	})
})
