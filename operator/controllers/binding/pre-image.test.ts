import {describe, expect, it} from "vitest"
import type {MeshBinding} from "../../../crds/generated.ts"
import {dataplanes} from "../../../profiles/registry.ts"
import {deployment, namespace} from "../../../profiles/testing/builders.ts"
import {annotationsOf, imagesOf} from "./annotations.ts"
import {
	controllerRevision,
	imagesFor,
	mayForget,
	namespaceImage,
	outdated,
	ownedBy,
	type PreImage,
	preImageOf,
} from "./pre-image.ts"

const image = (migration: string, ref: string): PreImage => ({
	migration,
	ref,
	object: null,
	createdAt: "",
	name: `${migration}-${ref}`,
})
const names = (images: readonly PreImage[]): readonly string[] => images.map(({name}) => name).sort()

const cart = "Deployment/shop/cart"
const web = "Deployment/shop/web"
const all = [image("m10", cart), image("m2", cart), image("m2", web), image("m9", web), image("m9", cart)]

describe("which pre-images lead back", () => {
	it("to before a migration: that migration's own", () => {
		expect(names(imagesFor(all, "m2"))).toEqual([`m2-${cart}`, `m2-${web}`])
		expect(imagesFor(all, "m7")).toEqual([])
	})

	it("to before Heddle: the oldest of each object, by number and not by spelling", () => {
		expect(names(imagesFor(all))).toEqual([`m2-${cart}`, `m2-${web}`])
		expect(names(imagesFor([image("m10", cart), image("m9", cart)]))).toEqual([`m9-${cart}`])
	})
})

describe("which pre-images nothing can ask for any more", () => {
	it("neither the last migration's nor the oldest of their object", () => {
		expect(names(outdated(all, "m10"))).toEqual([`m9-${cart}`, `m9-${web}`])
		expect(outdated([image("m1", cart), image("m2", cart)], "m2")).toEqual([])
	})

	it.each([
		["m1", "Succeeded", false],
		["m2", "Succeeded", true],
		["m2", "RolledBack", false],
		["m2", "Running", false],
	])("%s %s: may be looked for: %s", (id, state, expected) => {
		expect(mayForget({id, state})).toBe(expected)
	})
})

describe("a pre-image", () => {
	const kept = (object: Parameters<typeof controllerRevision>[0]["object"]) =>
		controllerRevision({migration: "m3", ref: cart, namespace: "shop", object})

	it("has the same name for the same object and migration, and another for any other", () => {
		expect(kept(null).metadata.name).toBe(kept(deployment("cart")).metadata.name)
		const other = controllerRevision({migration: "m3", ref: web, namespace: "shop", object: null})
		expect(other.metadata.name).not.toBe(kept(null).metadata.name)
		expect(kept(null).metadata.name).toMatch(/^heddle-m3-[0-9a-f]{16}$/)
	})

	it("leaves out what the API server maintains itself", () => {
		const made = deployment("cart")
		const metadata = {...made.metadata, uid: "u", resourceVersion: "7", generation: 4, managedFields: [{}]}
		const {object} = kept({...made, metadata} as never).data as {object: {metadata: object}}
		expect(object).not.toHaveProperty("status")
		expect(object.metadata).toEqual({name: "cart", namespace: "shop", uid: "u"})
	})

	it("is read back as it was written, also that there was nothing", () => {
		const stored = (revision: ReturnType<typeof kept>) => ({
			...revision,
			metadata: {...revision.metadata, creationTimestamp: "2026-01-01T00:00:00Z"},
		})
		expect(preImageOf(stored(kept(null)))).toMatchObject({
			migration: "m3",
			ref: cart,
			object: null,
			createdAt: "2026-01-01T00:00:00Z",
		})
		expect(preImageOf(stored(kept(deployment("cart"))))?.object).toMatchObject({kind: "Deployment"})
	})

	it("is not seen in the ControllerRevision of somebody else", () => {
		const foreign = {apiVersion: "apps/v1", kind: "ControllerRevision", metadata: {name: "db-1"}}
		expect(preImageOf(foreign)).toBeUndefined()
	})
})

describe("what a pre-image of keys holds", () => {
	it("is what dataplanes give a meaning to, and Heddle's own mark", () => {
		const labels = {"istio-injection": "enabled", team: "a", "istio.io/dataplane-mode": "ambient"}
		expect(ownedBy(dataplanes, labels)).toEqual({
			"istio-injection": "enabled",
			"istio.io/dataplane-mode": "ambient",
		})
		expect(ownedBy(dataplanes, {"heddle.dev/rolled-by": "m1"})).toEqual({"heddle.dev/rolled-by": "m1"})
		expect(ownedBy(dataplanes, undefined)).toEqual({})
	})

	it("survives the annotations of a binding", () => {
		const made = namespaceImage(namespace("shop", {"istio-injection": "enabled"}), {
			migration: "m1",
			from: "istio-sidecar",
			dataplanes,
		})
		expect(imagesOf(bindingWith(annotationsOf({original: made, previous: made})))).toEqual({
			original: made,
			previous: made,
		})
		expect(annotationsOf({})).toEqual({})
	})
})

const bindingWith = (annotations: Readonly<Record<string, string>>): MeshBinding => ({
	apiVersion: "heddle.dev/v1alpha1",
	kind: "MeshBinding",
	metadata: {name: "mesh", namespace: "shop", annotations},
})

describe("an annotation that somebody broke", () => {
	it.each([
		["no JSON", "{not JSON"],
		["nothing", ""],
		["null", "null"],
		["a number", "7"],
		["a list", "[]"],
		["no migration", '{"labels":{},"annotations":{}}'],
		["no labels", '{"migration":"m1","annotations":{}}'],
		["labels that are none", '{"migration":"m1","labels":"x","annotations":{}}'],
		["labels in a list", '{"migration":"m1","labels":["x"],"annotations":{}}'],
		["a label that is no text", '{"migration":"m1","labels":{"a":1},"annotations":{}}'],
	])("leads nowhere: %s", (_, text) => {
		expect(imagesOf(bindingWith({"heddle.dev/original": text, "heddle.dev/previous": text}))).toEqual({
			original: undefined,
			previous: undefined,
		})
	})
})
