import {describe, expect, test} from "vitest"
import {fieldManagers} from "../../../operator/api/names.ts"
import {isConflict, type KubeError} from "../../../operator/kube/errors.ts"
import {AuthorizationPolicy} from "../../../profiles/apis/istio/kinds.ts"
import {ConfigMap, Deployment, namespaced} from "../../../profiles/snapshot/kinds.ts"
import type {KubeObject} from "../../../profiles/snapshot/object.ts"
import {freshNamespace, useWorld} from "../../kit/sandbox.ts"

const world = useWorld()
const ours = {manager: fieldManagers.binding} as const
const theirs = {manager: fieldManagers.enrolment} as const

const configMap = (namespace: string, data: object, metadata: object = {}) =>
	({
		apiVersion: "v1",
		kind: "ConfigMap",
		metadata: {name: "loom", namespace, ...metadata},
		data,
	}) as KubeObject & {data: Record<string, string>}
const failure = (promise: Promise<unknown>): Promise<KubeError> =>
	promise.then(
		() => expect.fail("it was accepted"),
		(error) => error,
	)

describe("apply", () => {
	test("makes an object, changes it, and drops what is no longer given", async () => {
		const {client} = world()
		const shop = await freshNamespace(world())
		await client.apply(configMap(shop, {a: "1", b: "2"}), ours)
		await client.apply(configMap(shop, {a: "3"}), ours)
		expect(await client.get(ConfigMap, "loom", shop)).toMatchObject({data: {a: "3"}})
		expect((await client.get(ConfigMap, "loom", shop))?.data).not.toHaveProperty("b")
	})

	test("leaves another manager's fields alone, and takes them only by force", async () => {
		const {client} = world()
		const shop = await freshNamespace(world())
		await client.apply(configMap(shop, {a: "theirs"}), theirs)
		const error = await failure(client.apply(configMap(shop, {a: "ours"}), ours))
		expect(error).toMatchObject({name: "KubeError", code: 409, reason: "Conflict"})
		expect(error.causes.join()).toContain(".data.a")
		expect(await client.apply(configMap(shop, {a: "ours"}), {...ours, force: true})).toMatchObject({
			data: {a: "ours"},
		})
	})

	test("with a uid it does not bring back an object that went, nor touch the next of its name", async () => {
		const {client} = world()
		const shop = await freshNamespace(world())
		const {metadata} = await client.apply(configMap(shop, {}), ours)
		const {uid = ""} = metadata
		await client.delete(ConfigMap, "loom", shop)
		expect(await failure(client.apply(configMap(shop, {a: "1"}, {uid}), ours))).toMatchObject({code: 409})
		await client.apply(configMap(shop, {}), ours)
		expect(isConflict(await failure(client.apply(configMap(shop, {a: "1"}, {uid}), ours)))).toBe(true)
		expect(await client.get(ConfigMap, "loom", shop)).not.toHaveProperty("data")
	})

	test("as a dry run it stores nothing", async () => {
		const {client} = world()
		const shop = await freshNamespace(world())
		expect(await client.apply(configMap(shop, {a: "1"}), {...ours, dryRun: true})).toMatchObject({
			data: {a: "1"},
		})
		expect(await client.get(ConfigMap, "loom", shop)).toBeUndefined()
	})

	test("a field that does not exist is refused, and named", async () => {
		const {client} = world()
		const shop = await freshNamespace(world())
		const error = await failure(client.apply({...configMap(shop, {}), dta: {}} as KubeObject, ours))
		expect(error.message).toContain("dta")
	})
})

test("a merge patch removes a key that another manager owns", async () => {
	const {client} = world()
	const shop = await freshNamespace(world())
	await client.apply(configMap(shop, {}, {labels: {theirs: "1", other: "2"}}), theirs)
	const patch = {
		apiVersion: "v1",
		kind: "ConfigMap",
		metadata: {name: "loom", namespace: shop, labels: {theirs: null, ours: "1"}},
	}
	const {metadata} = await client.mergePatch(patch, ours)
	expect(metadata.labels).toEqual({other: "2", ours: "1"})
})

test("delete takes only the object that is meant", async () => {
	const {client} = world()
	const shop = await freshNamespace(world())
	const {metadata} = await client.apply(configMap(shop, {}), ours)
	expect(
		await failure(client.delete(ConfigMap, "loom", shop, {uid: "00000000-0000-0000-0000-000000000000"})),
	).toMatchObject({code: 409})
	expect(await client.delete(ConfigMap, "loom", shop, {uid: metadata.uid ?? ""})).toBe(true)
	expect(await client.delete(ConfigMap, "loom", shop)).toBe(false)
})

test("list joins its pages, and every item says what it is", async () => {
	const {client} = world()
	const shop = await freshNamespace(world())
	for (const name of ["a", "b", "c", "d", "e"])
		await client.apply(
			{apiVersion: "v1", kind: "ConfigMap", metadata: {name, namespace: shop, labels: {mine: "1"}}},
			ours,
		)
	const {items, resourceVersion} = await client.list(ConfigMap, {
		namespace: shop,
		labelSelector: "mine=1",
		limit: 2,
	})
	expect(items.map(({apiVersion, kind, metadata}) => `${apiVersion} ${kind} ${metadata.name}`)).toEqual(
		["a", "b", "c", "d", "e"].map((name) => `v1 ConfigMap ${name}`),
	)
	expect(resourceVersion).toMatch(/^\d+$/)
})

test("create refuses what is there already", async () => {
	const {client} = world()
	const shop = await freshNamespace(world())
	await client.create(configMap(shop, {}), ours)
	expect(await failure(client.create(configMap(shop, {}), ours))).toMatchObject({
		code: 409,
		reason: "AlreadyExists",
	})
})

test("knows which versions are served, and says which kind is not", async () => {
	const {client} = world()
	expect(await client.versionOf(Deployment)).toBe("v1")
	expect(await client.versionOf(AuthorizationPolicy)).toBe("v1")
	const Loom = namespaced("looms.example.com", "v1", "Loom", "looms")
	expect(await client.versionOf(Loom)).toBeUndefined()
	expect(await failure(client.list(Loom))).toMatchObject({code: 404, reason: "KindNotServed"})
})

test("asks what it may do", async () => {
	const {client} = world()
	expect(await client.may({verb: "patch", group: "apps", resource: "deployments"})).toBe(true)
	expect(await client.serverVersion()).toMatch(/^v1\./)
})
