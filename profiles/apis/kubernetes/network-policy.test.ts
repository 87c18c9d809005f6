import {describe, expect, test} from "vitest"
import {snapshotOf} from "../../snapshot/snapshot.ts"
import {networkPolicy, pod} from "../../testing/builders.ts"
import {contains} from "./cidr.ts"
import {closesPort} from "./network-policy.ts"

const web = {namespaceSelector: {matchLabels: {name: "web"}}}
const policy = networkPolicy("only-web", {
	podSelector: {},
	policyTypes: ["Ingress"],
	ingress: [{from: [web], ports: [{port: 8080}, {port: 4000, endPort: 4200}]}],
})

describe("closesPort", () => {
	test.each([
		[15008, ["ingress"]],
		[4143, []],
		[8080, []],
	])("a policy for ports of the application and TCP %i", (port, wanted) => {
		const snapshot = snapshotOf([pod("cart"), policy])
		expect(closesPort(snapshot, "shop", port).map(({direction}) => direction)).toEqual(wanted)
	})

	test("names the policy, and asks nothing of a namespace without pods", () => {
		expect(closesPort(snapshotOf([pod("cart"), policy]), "shop", 15008)).toEqual([
			{policy, direction: "ingress"},
		])
		expect(closesPort(snapshotOf([policy]), "shop", 15008)).toEqual([])
	})
})

describe("contains", () => {
	test.each([
		["169.254.7.127/32", true],
		["169.254.0.0/16", true],
		["0.0.0.0/0", true],
		["169.254.7.126/32", false],
		["10.0.0.0/8", false],
		["fe80::/10", false],
		["169.254.7.127/40", false],
	])("%s holds the probes' address: %s", (block, held) => {
		expect(contains(block, "169.254.7.127")).toBe(held)
	})
})
