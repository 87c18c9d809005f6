import {expect, test} from "vitest"
import {namesNamespace, speaksOf} from "./identities.ts"

test.each([
	["cluster.local/ns/shop/sa/web", "name"],
	["cluster.local/ns/bank/sa/web", "no"],
	["*", "any"],
	["cluster.local/*", "any"],
	["cluster.local/ns/*", "any"],
	["cluster.local/ns/sh*", "name"],
	["cluster.local/ns/shop/*", "name"],
	["cluster.local/ns/shops/*", "no"],
	["cluster.local/ns/shop/sa/w*", "name"],
	["*/sa/web", "any"],
	["*op/sa/web", "name"],
	["*/ns/shop/sa/web", "name"],
	["*/ns/bank/sa/web", "no"],
	["*/workshop/sa/web", "no"],
	["nonsense", "no"],
])("the identity %s speaks of shop by %s", (pattern, wanted) => {
	expect(speaksOf(pattern, "shop")).toBe(wanted)
})

test.each([
	["shop", "name"],
	["sh*", "name"],
	["*op", "name"],
	["*", "any"],
	["shops", "no"],
	["ba*", "no"],
	["*k", "no"],
])("the namespace %s speaks of shop by %s", (pattern, wanted) => {
	expect(namesNamespace(pattern, "shop")).toBe(wanted)
})
