import {expect, test} from "vitest"
import {policy} from "../../testing/builders.ts"
import {readPolicy} from "./read.ts"

const faults = (spec: object) => readPolicy(policy("AuthorizationPolicy", "p", spec)).faults
const rule = (one: object) => ({rules: [one]})
const operation = (fields: object) => rule({to: [{operation: fields}]})
const source = (fields: object) => rule({from: [{source: fields}]})

const refused: readonly (readonly [spec: object, path: string])[] = [
	[{rulez: []}, "spec.rulez"],
	[operation({verbs: ["GET"]}), "spec.rules[0].to[0].operation.verbs"],
	[operation({ports: ["http"]}), "spec.rules[0].to[0].operation.ports[0]"],
	[operation({ports: ["70000"]}), "spec.rules[0].to[0].operation.ports[0]"],
	[operation({paths: ["/{*}"]}), "spec.rules[0].to[0].operation.paths[0]"],
	[source({ipBlocks: ["fd00::/8"]}), "spec.rules[0].from[0].source.ipBlocks[0]"],
	[source({namespaces: ["a.c"]}), "spec.rules[0].from[0].source.namespaces[0]"],
	[source({principals: [""]}), "spec.rules[0].from[0].source.principals[0]"],
	[rule({when: [{key: "connection.sni", values: ["a"]}]}), "spec.rules[0].when[0].key"],
	[rule({when: [{key: "destination.port", values: ["x"]}]}), "spec.rules[0].when[0].values[0]"],
	[{action: "PERMIT"}, "spec.action"],
]

test.each(refused)("%j is refused at %s", (spec, path) => {
	const found = faults(spec)
	expect(found).toHaveLength(1)
	expect(found[0]).toContain(path)
})

test("what Istio's API knows is read without a fault", () => {
	const all = {
		selector: {matchLabels: {app: "cart"}},
		action: "DENY",
		rules: [
			{
				from: [
					{
						source: {
							principals: ["*"],
							notNamespaces: ["a"],
							serviceAccounts: ["a/b"],
							ipBlocks: ["10.0.0.0/8"],
						},
					},
				],
				to: [{operation: {methods: ["GET"], notPaths: ["/x*"], hosts: ["*"], ports: ["80"]}}],
				when: [{key: "request.headers[x]", values: ["1"], notValues: ["2"]}],
			},
		],
	}
	expect(faults(all)).toEqual([])
})

test.each([
	["true", true],
	["TRUE", true],
	["1", true],
	["false", false],
	["yes", false],
])("dry run %s counts as Istio counts it", (word, expected) => {
	const tried = policy("AuthorizationPolicy", "p", {}, {annotations: {"istio.io/dry-run": word}})
	expect(readPolicy(tried).value.dryRun).toBe(expected)
})
