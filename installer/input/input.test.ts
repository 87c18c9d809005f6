import {execFileSync} from "node:child_process"
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from "node:fs"
import {tmpdir} from "node:os"
import {dirname, join} from "node:path"
import {gzipSync} from "node:zlib"
import fc from "fast-check"
import {afterAll, describe, expect, test} from "vitest"
import type {KubeObject} from "../../profiles/snapshot/object.ts"
import {definedKinds, undefinedKinds} from "./definitions.ts"
import {isRenderedHook} from "./helm.ts"
import {itemLinesOf} from "./json-lines.ts"
import {merged} from "./merge.ts"
import {placesOf} from "./places.ts"
import {readPlaced} from "./read-objects.ts"

const folder = mkdtempSync(join(tmpdir(), "heddle-input-"))
afterAll(() => rmSync(folder, {recursive: true, force: true}))

function write(name: string, content: string | Buffer): string {
	const file = join(folder, name)
	mkdirSync(dirname(file), {recursive: true})
	writeFileSync(file, content)
	return file
}

const read = (path: string, lines = false) => readPlaced([path], "--from-files", {say: () => {}, lines})
const names = async (path: string) => (await read(path)).map(({object}) => object.metadata.name)

const pod = (name: string, rest: object = {}) => ({
	apiVersion: "v1",
	kind: "Pod",
	metadata: {name, namespace: "a"},
	...rest,
})

/** What `helm template` prints: comments, documents that are empty, and hooks among the rest. */
const helm = `---
# Source: shop/templates/serviceaccount.yaml
---
# Source: shop/templates/deployment.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: cart
spec: {replicas: 2}
---
# Source: shop/templates/tests/test-connection.yaml
apiVersion: v1
kind: Pod
metadata:
  name: cart-test
  annotations:
    "helm.sh/hook": test
---
`

describe("archives", () => {
	write("dump/sub/pods.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: one, namespace: a}\n")
	write("dump/more.json", JSON.stringify({apiVersion: "v1", kind: "List", items: [pod("two"), pod("three")]}))
	write("dump/README.md", "not an object")
	const tar = (name: string, flags: string) => {
		execFileSync("tar", [flags, join(folder, name), "-C", folder, "dump"])
		return join(folder, name)
	}

	test.each([
		["dump.tar", "-cf"],
		["dump.tar.gz", "-czf"],
		["dump.tgz", "-czf"],
	])("%s reads as its folder does", async (name, flags) => {
		expect((await names(tar(name, flags))).sort()).toEqual((await names(join(folder, "dump"))).sort())
	})

	test.each([
		["what is no tar", "x.tar", Buffer.from("hello".repeat(300))],
		["what is cut short", "y.tar.gz", gzipSync(Buffer.alloc(4096, 1)).subarray(0, 20)],
		["an empty tar", "z.tar", Buffer.alloc(1024)],
	])("%s is refused and says what to do", async (_name, file, content) => {
		await expect(read(write(file, content))).rejects.toMatchObject({
			exit: 2,
			tryMessage: expect.stringContaining("Pack"),
		})
	})
})

test("Helm's output: comments and empty documents are nothing, a hook that runs once is no part of it", async () => {
	const placed = await read(write("helm.yaml", helm))
	expect(placed.map(({object}) => [object.metadata.name, isRenderedHook(object)])).toEqual([
		["cart", false],
		["cart-test", true],
	])
	const ran = {...placed[1]?.object, metadata: {...placed[1]?.object.metadata, uid: "1"}} as KubeObject
	expect(isRenderedHook(ran)).toBe(false)
})

describe("the same object twice", () => {
	const placed = (object: object, file: string) => ({
		object: object as KubeObject,
		found: {value: object, file},
	})
	const noise = {
		managedFields: [{manager: "kubectl"}],
		resourceVersion: "7",
		uid: "u",
		creationTimestamp: "2026-01-01T00:00:00Z",
	}
	const manifest = pod("one", {spec: {nodeName: "n1"}})
	const stored = {...manifest, metadata: {...manifest.metadata, ...noise}, status: {phase: "Running"}}

	test.each([
		["identical", manifest, manifest],
		["with the API server's bookkeeping", manifest, stored],
		[
			"with another resourceVersion",
			stored,
			{...stored, metadata: {...stored.metadata, resourceVersion: "8"}},
		],
	])("%s merges, and what has a status stays", (_name, one, other) => {
		for (const pair of [
			[one, other],
			[other, one],
		]) {
			const [kept, ...more] = merged(pair.map((object, i) => placed(object, `f${i}`)))
			expect(more).toEqual([])
			if ("status" in other) expect(kept?.object).toHaveProperty("status")
		}
	})

	test.each([
		["another spec", manifest, pod("one", {spec: {nodeName: "n2"}})],
		["another status", stored, {...stored, status: {phase: "Failed"}}],
		["another object of the same name", stored, {...stored, metadata: {...stored.metadata, uid: "v"}}],
	])("with %s is refused and names both places", (_name, one, other) => {
		expect(() => merged([placed(one, "f1"), placed(other, "f2")])).toThrow(/f1 and in f2, and they differ/)
	})
})

describe("the lines of a JSON list", () => {
	const anything = fc.jsonValue({maxDepth: 3})

	test("are those at which its items stand, whatever the items hold", () => {
		const items = fc.array(fc.oneof(fc.dictionary(fc.string(), anything), fc.array(anything)), {maxLength: 5})
		fc.assert(
			fc.property(items, fc.boolean(), fc.dictionary(fc.string(), anything), (list, bare, before) => {
				const document = bare ? list : {...before, kind: "List", items: list, after: [[1]]}
				const text = JSON.stringify(document, null, 2)
				const lines = text.split("\n")
				const at = itemLinesOf(text)
				expect(at.length).toBe(list.length)
				const indent = bare ? "  " : "    "
				for (const line of at) expect(lines[line - 1]).toMatch(new RegExp(`^${indent}[\\[{]`))
			}),
			{numRuns: 300},
		)
	})

	test("lead from an object to its place", async () => {
		const file = write(
			"list.json",
			JSON.stringify({kind: "List", apiVersion: "v1", items: [pod("one"), pod("two")]}, null, 1),
		)
		const place = placesOf(await read(file, true))
		expect([place("Pod/a/one"), place("Pod/a/two"), place("Pod/a/three")]).toEqual([
			{file, line: 5},
			{file, line: 13},
			undefined,
		])
	})
})

test("the CRDs of the input tell which APIs there are", () => {
	const definition = {
		apiVersion: "apiextensions.k8s.io/v1",
		kind: "CustomResourceDefinition",
		metadata: {name: "sidecars.networking.istio.io"},
		spec: {group: "networking.istio.io", scope: "Namespaced", names: {kind: "Sidecar"}},
	}
	const objects = [
		definition,
		pod("one"),
		{apiVersion: "cilium.io/v2", kind: "CiliumNetworkPolicy", metadata: {name: "x"}},
	] as KubeObject[]
	const defined = definedKinds(objects)
	expect(defined?.get("Sidecar.networking.istio.io")).toEqual({
		id: "Sidecar.networking.istio.io",
		namespaced: true,
	})
	expect(undefinedKinds(objects, defined)).toEqual(["CiliumNetworkPolicy.cilium.io"])
	expect(undefinedKinds(objects.slice(1), definedKinds(objects.slice(1)))).toEqual([])
})
