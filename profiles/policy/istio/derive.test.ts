import {expect, test} from "vitest"
import {policy} from "../../testing/builders.ts"
import {decideAtSidecar, istioWorld} from "./decide.ts"
import {requestsFrom} from "./derive.ts"

const proxy = {trustDomain: "cluster.local", namespace: "shop", serviceAccount: "waypoint"}
const callees = [{namespace: "shop", labels: {app: "cart"}, ip: "10.0.0.1", port: 8080}]

const rules: readonly (readonly [name: string, rule: object])[] = [
	["callers", {from: [{source: {principals: ["cluster.local/ns/shop/sa/web"]}}]}],
	["all callers of a namespace", {from: [{source: {namespaces: ["bank*"]}}]}],
	["addresses", {from: [{source: {ipBlocks: ["10.1.0.0/16"]}}]}],
	["methods", {to: [{operation: {methods: ["DELETE"]}}]}],
	["what a path must not be", {to: [{operation: {paths: ["/a*"], notPaths: ["/ab"]}}]}],
	["ports", {to: [{operation: {ports: ["9090"]}}]}],
	["headers", {when: [{key: "request.headers[X-Team]", values: ["re*"]}]}],
	["claims", {when: [{key: "request.auth.claims[group]", values: ["admins"]}]}],
	["tokens", {from: [{source: {requestPrincipals: ["https://issuer.example/alice"]}}]}],
]

test.each(rules)("a rule about %s gets requests that it matches and requests that it does not", (_, rule) => {
	const world = istioWorld([policy("AuthorizationPolicy", "p", {rules: [rule]})], [])
	const verdicts = requestsFrom(world.policies, {proxy, callees}).map(
		(one) => decideAtSidecar(world, one).verdict,
	)
	expect(new Set(verdicts)).toEqual(new Set(["allow", "deny"]))
})

test("the proxy itself is no caller", () => {
	const own = "cluster.local/ns/shop/sa/waypoint"
	const world = istioWorld(
		[policy("AuthorizationPolicy", "p", {rules: [{from: [{source: {principals: [own]}}]}]})],
		[],
	)
	const asked = requestsFrom(world.policies, {proxy, callees})
	expect(asked.every(({source}) => source.identity?.serviceAccount !== "waypoint")).toBe(true)
})
