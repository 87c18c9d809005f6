import fc from "fast-check"
import {expect, test} from "vitest"
import {ConfigMap} from "../../profiles/snapshot/kinds.ts"
import type {KubeObject} from "../../profiles/snapshot/object.ts"
import {snapshotOfStores} from "./snapshot.ts"
import {Store} from "./store.ts"
import {olderVersion} from "./versions.ts"

const object = (
	name: string,
	resourceVersion: number,
	{namespace = "shop", uid = `uid-${name}`} = {},
): KubeObject => ({
	apiVersion: "v1",
	kind: "ConfigMap",
	metadata: {name, namespace, uid, resourceVersion: String(resourceVersion)},
})

function store() {
	const changes: string[] = []
	return {changes, store: new Store(ConfigMap, ({namespace, name}) => changes.push(`${namespace}/${name}`))}
}
const refs = (objects: readonly KubeObject[]) =>
	objects.map(({metadata}) => `${metadata.namespace}/${metadata.name}`)

test("lists by namespace, then name, and one namespace alone", () => {
	const it = store()
	for (const one of [
		object("b", 1, {namespace: "z"}),
		object("b", 2),
		object("a", 3),
		object("a", 4, {namespace: "z"}),
	])
		it.store.put(one)
	expect(refs(it.store.list())).toEqual(["shop/a", "shop/b", "z/a", "z/b"])
	expect(refs(it.store.list("z"))).toEqual(["z/a", "z/b"])
	expect(it.store.list("nowhere")).toEqual([])
})

test("a list that was handed out stays as it was", () => {
	const it = store()
	it.store.put(object("a", 1))
	const before = it.store.list("shop")
	it.store.put(object("b", 2))
	it.store.remove(object("a", 3))
	expect(refs(before)).toEqual(["shop/a"])
	expect(refs(it.store.list("shop"))).toEqual(["shop/b"])
})

test("the same list is handed out again while nothing changes", () => {
	const it = store()
	it.store.put(object("a", 1))
	expect(it.store.list()).toBe(it.store.list())
	expect(it.store.list("shop")).toBe(it.store.list("shop"))
})

test("an older version of an object changes nothing, also when it is said to be gone", () => {
	const it = store()
	it.store.put(object("a", 10))
	expect(it.store.put(object("a", 9))).toBe(false)
	expect(it.store.remove(object("a", 9))).toBe(false)
	expect(it.store.size).toBe(1)
	expect(it.changes).toEqual(["shop/a"])
})

test("an object of the same name and another uid takes the place of the one before", () => {
	const it = store()
	it.store.put(object("a", 10))
	expect(it.store.put(object("a", 11, {uid: "new"}))).toBe(true)
	expect(it.store.get("a", "shop")?.metadata.uid).toBe("new")
})

test("a replacement tells of exactly what differs", async () => {
	const it = store()
	for (const name of ["a", "b", "c"]) it.store.put(object(name, 1))
	it.changes.length = 0
	it.store.beginReplace()
	for (const one of [object("a", 1), object("b", 5), object("d", 6)]) it.store.put(one)
	await it.store.endReplace()
	expect(it.changes).toEqual(["shop/b", "shop/d", "shop/c"])
	expect(refs(it.store.list())).toEqual(["shop/a", "shop/b", "shop/d"])
})

test("a replacement that is begun and never ended removes nothing", async () => {
	const it = store()
	it.store.put(object("a", 1))
	it.store.beginReplace()
	it.store.beginReplace()
	it.store.put(object("a", 1))
	await it.store.endReplace()
	expect(it.store.size).toBe(1)
})

test("holds, after any replacement, what the new list held", async () => {
	const names = fc.uniqueArray(fc.constantFrom(..."abcdefgh"))
	await fc.assert(
		fc.asyncProperty(names, names, async (before, after) => {
			const it = store()
			for (const name of before) it.store.put(object(name, 1))
			it.store.beginReplace()
			for (const name of after) it.store.put(object(name, 2))
			await it.store.endReplace()
			expect(it.store.list().map(({metadata}) => metadata.name)).toEqual(after.toSorted())
			expect(it.store.size).toBe(after.length)
		}),
	)
})

test("versions are compared as numbers of any length", () => {
	expect(olderVersion("9", "10")).toBe(true)
	expect(olderVersion("18446744073709551615", "18446744073709551616")).toBe(true)
	expect(olderVersion("10", "10")).toBe(false)
	expect(olderVersion("opaque", "10")).toBe(false)
	expect(olderVersion(undefined, "10")).toBe(false)
})

test("a snapshot knows nothing of a kind that nobody reads, or that cannot be read", () => {
	const it = store()
	it.store.put(object("a", 1))
	const known = snapshotOfStores(new Map([[ConfigMap.id, {store: it.store, known: true}]]))
	expect(known.knows(ConfigMap)).toBe(true)
	expect(known.get(ConfigMap, "a", "shop")?.metadata.name).toBe("a")
	expect(snapshotOfStores(new Map([[ConfigMap.id, {store: it.store, known: false}]])).knows(ConfigMap)).toBe(
		false,
	)
	expect(snapshotOfStores(new Map()).knows(ConfigMap)).toBe(false)
	expect(snapshotOfStores(new Map()).list(ConfigMap)).toEqual([])
})
