import {expect, onTestFinished, test} from "vitest"
import {fieldManagers} from "../../../operator/api/names.ts"
import {Cache} from "../../../operator/kube/cache.ts"
import {ConfigMap, clusterScoped, type Kind, namespaced, single} from "../../../profiles/snapshot/kinds.ts"
import type {KubeObject} from "../../../profiles/snapshot/object.ts"
import type {Custom} from "../../../profiles/snapshot/shapes.ts"
import {freshNamespace, useWorld} from "../../kit/sandbox.ts"
import {waitFor} from "../../kit/wait.ts"

const world = useWorld()
const ours = {manager: fieldManagers.binding} as const

async function cacheOf(kinds: readonly Kind[]) {
	const {http, client} = world()
	const changes: string[] = []
	const cache = new Cache({
		http,
		client,
		kinds,
		times: {absentMs: 500},
		onChange: ({kind, namespace, name}) => changes.push(`${kind.kind}/${namespace}/${name}`),
	})
	const stop = new AbortController()
	const running = cache.run(stop.signal)
	onTestFinished(async () => {
		stop.abort()
		await running
	})
	await cache.settled()
	return {cache, changes}
}

test("shows what was there, what comes, what changes and what goes", async () => {
	const {client} = world()
	const shop = await freshNamespace(world())
	const apply = (name: string, data: object) =>
		client.apply(
			{apiVersion: "v1", kind: "ConfigMap", metadata: {name, namespace: shop}, data} as KubeObject,
			ours,
		)
	await apply("before", {})
	const {cache, changes} = await cacheOf([ConfigMap])
	const names = () =>
		cache.snapshot
			.list(ConfigMap, shop)
			.map(({metadata}) => metadata.name)
			.filter((name) => name !== "kube-root-ca.crt" && !name.startsWith("istio"))
	expect(names()).toEqual(["before"])
	await apply("after", {a: "1"})
	await waitFor("the new object", names, (seen) => seen.join() === "after,before")
	const written = await apply("after", {a: "2"})
	cache.writes.record("key", written)
	await waitFor("our own write", () => cache.writes.caughtUp("key"), Boolean)
	expect(cache.snapshot.get(ConfigMap, "after", shop)?.data).toEqual({a: "2"})
	expect(cache.snapshot.get(ConfigMap, "after", shop)?.metadata).not.toHaveProperty("managedFields")
	await client.delete(ConfigMap, "before", shop)
	await waitFor("the deletion", names, (seen) => seen.join() === "after")
	expect(changes).toContain(`ConfigMap/${shop}/after`)
})

test("of a kind for one object it asks for that one alone, and follows it", async () => {
	const {client} = world()
	const shop = await freshNamespace(world())
	const apply = (name: string, data: object) =>
		client.apply(
			{apiVersion: "v1", kind: "ConfigMap", metadata: {name, namespace: shop}, data} as KubeObject,
			ours,
		)
	await apply("other", {})
	const Flags = single(ConfigMap, shop, "flags")
	const {cache, changes} = await cacheOf([Flags])
	const flags = () => cache.snapshot.get(Flags, "flags", shop)?.data
	expect([cache.snapshot.knows(Flags), flags()]).toEqual([true, undefined])
	await apply("flags", {"enable-wireguard": "true"})
	await waitFor("the flags", flags, (seen) => seen !== undefined)
	await apply("other", {a: "1"})
	await apply("flags", {"enable-wireguard": "false"})
	await waitFor("the change", flags, (seen) => seen?.["enable-wireguard"] === "false")
	expect(cache.snapshot.list(Flags)).toHaveLength(1)
	expect([...new Set(changes)]).toEqual([`ConfigMap/${shop}/flags`])
	await client.delete(ConfigMap, "flags", shop)
	await waitFor("the deletion", flags, (seen) => seen === undefined)
})

test("a kind is read once its definition comes, and known to be empty once that goes", async () => {
	const {client} = world()
	const shop = await freshNamespace(world())
	const group = `t${process.pid}.example.com`
	const Loom = namespaced<Custom>(group, "v1", "Loom", "looms")
	const Definition = clusterScoped(
		"apiextensions.k8s.io",
		"v1",
		"CustomResourceDefinition",
		"customresourcedefinitions",
	)
	const {cache} = await cacheOf([Loom])
	expect(cache.snapshot.knows(Loom)).toBe(true)
	expect(cache.snapshot.list(Loom)).toEqual([])
	const schema = {openAPIV3Schema: {type: "object", "x-kubernetes-preserve-unknown-fields": true}}
	const spec = {
		group,
		scope: "Namespaced",
		names: {kind: "Loom", plural: "looms"},
		versions: [{name: "v1", served: true, storage: true, schema}],
	}
	const definition = {
		apiVersion: "apiextensions.k8s.io/v1",
		kind: "CustomResourceDefinition",
		metadata: {name: `looms.${group}`},
		spec,
	}
	onTestFinished(async () => {
		await client.delete(Definition, `looms.${group}`)
	})
	await client.apply(definition as KubeObject, ours)
	const loom = {apiVersion: `${group}/v1`, kind: "Loom", metadata: {name: "a", namespace: shop}}
	await waitFor(
		"the kind to be served",
		() => client.apply(loom, ours),
		() => true,
	)
	await waitFor(
		"the object in the cache",
		() => cache.snapshot.list(Loom),
		(seen) => seen.length === 1,
		{timeoutMs: 30_000},
	)
	await client.delete(Definition, `looms.${group}`)
	await waitFor(
		"the cache to forget it",
		() => cache.snapshot.list(Loom),
		(seen) => seen.length === 0,
		{timeoutMs: 40_000},
	)
	expect(cache.snapshot.knows(Loom)).toBe(true)
})
