import {expect, test} from "vitest"
import {pod} from "../testing/builders.ts"
import {ConfigMap, kindIdOf, objectIdOf, Pod, single} from "./kinds.ts"
import type {ConfigMap as Shape} from "./shapes.ts"
import {snapshotOf} from "./snapshot.ts"

const map = (namespace: string, name: string): Shape => ({
	apiVersion: "v1",
	kind: "ConfigMap",
	metadata: {name, namespace},
})
const Flags = single(ConfigMap, "kube-system", "flags")
const snapshot = snapshotOf([
	map("kube-system", "flags"),
	map("kube-system", "other"),
	map("shop", "flags"),
	pod("cart"),
])

test("one object of a kind is all that a kind of its own shows", () => {
	expect(snapshot.list(Flags)).toEqual([map("kube-system", "flags")])
	expect(snapshot.list(Flags, "kube-system")).toHaveLength(1)
	expect(snapshot.list(Flags, "shop")).toEqual([])
	expect(snapshot.get(Flags, "flags", "kube-system")?.metadata.name).toBe("flags")
	expect(snapshot.get(Flags, "other", "kube-system")).toBeUndefined()
	expect(snapshot.get(Flags, "flags", "shop")).toBeUndefined()
	expect(snapshot.list(ConfigMap)).toHaveLength(3)
})

test("it is known apart from the whole kind", () => {
	const partly = snapshotOf([], new Set([Flags.id]))
	expect([partly.knows(Flags), partly.knows(ConfigMap)]).toEqual([false, true])
	expect(objectIdOf(Flags)).toBe(kindIdOf(map("shop", "any")))
	expect([ConfigMap, Pod].map(objectIdOf)).toEqual([ConfigMap.id, Pod.id])
})
