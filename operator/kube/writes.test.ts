import {expect, test} from "vitest"
import {Namespace} from "../../profiles/snapshot/kinds.ts"
import type {KubeObject} from "../../profiles/snapshot/object.ts"
import {WriteGuard} from "./writes.ts"

const written = (resourceVersion: string) => ({
	apiVersion: "v1",
	kind: "Namespace",
	metadata: {name: "shop", resourceVersion},
})

function guard() {
	let now = 0
	let cached: KubeObject | undefined
	const it = new WriteGuard({reads: (kind) => kind === "Namespace", cached: () => cached, now: () => now})
	return {
		it,
		wait: (ms: number) => {
			now += ms
		},
		show: (resourceVersion: string) => {
			cached = written(resourceVersion)
		},
	}
}

test("a key waits until the cache shows what it wrote, or something newer", () => {
	const {it, show} = guard()
	show("9")
	it.record("shop", written("10"))
	expect(it.caughtUp("shop")).toBe(false)
	expect(it.caughtUp("other")).toBe(true)
	show("11")
	expect(it.caughtUp("shop")).toBe(true)
})

test("a write that is never shown, since the object was deleted, is forgotten in the end", () => {
	const {it, wait} = guard()
	it.record("shop", written("10"))
	wait(9_999)
	expect(it.caughtUp("shop")).toBe(false)
	wait(2)
	expect(it.caughtUp("shop")).toBe(true)
})

test("kinds that nobody caches are not waited for", () => {
	const {it} = guard()
	it.record("shop", {
		apiVersion: "apps/v1",
		kind: "ControllerRevision",
		metadata: {name: "x", resourceVersion: "10"},
	})
	expect(it.caughtUp("shop")).toBe(true)
})

test.each([
	["its last own write is an echo", "shop", "11", false, true],
	["an own write before that is an echo", "shop", "10", false, true],
	["what someone else wrote in between is none", "shop", "10a", false, false],
	["for another key the same write is none", "other", "11", false, false],
	["from a list, which may hide what others wrote, it is none", "shop", "11", true, false],
])("of a key's changes: %s", (_, key, shown, listed, echo) => {
	const {it, show} = guard()
	it.record("shop", written("10"))
	it.record("shop", written("11"))
	show(shown)
	expect(it.echoes(key, {kind: Namespace, namespace: undefined, name: "shop", listed})).toBe(echo)
})

test("a change is an echo once: the version that a restored backup brings again is news", () => {
	const {it, show} = guard()
	it.record("shop", written("10"))
	show("10")
	const change = {kind: Namespace, namespace: undefined, name: "shop", listed: false}
	expect([it.echoes("shop", change), it.echoes("shop", change)]).toEqual([true, false])
})
