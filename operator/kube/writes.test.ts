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
	{of: "its last own write", shown: "11", echo: true},
	{of: "an own write before that", shown: "10", echo: true},
	{of: "what someone else wrote in between", shown: "10a", echo: false},
	{of: "the own write of another key", key: "other", shown: "11", echo: false},
	{of: "a list, which may hide what others wrote", shown: "11", listed: true, echo: false},
])("of $of, the change is an echo: $echo", ({key = "shop", shown, listed = false, echo}) => {
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
