import {describe, expect, it} from "vitest"
import {Deployment, Namespace, Pod} from "../../../profiles/snapshot/kinds.ts"
import {snapshotOf} from "../../../profiles/snapshot/snapshot.ts"
import {deployment, namespace} from "../../../profiles/testing/builders.ts"
import {View} from "./view.ts"

const base = () =>
	snapshotOf([
		namespace("shop"),
		deployment("cart"),
		deployment("web"),
		deployment("api", {namespace: "other"}),
	])
const fresh = () => new View(base(), {})
const names = (view: View, inside?: string) =>
	view.list(Deployment, inside).map(({metadata}) => metadata.name)

describe("a view over the caches", () => {
	it("shows what the caches hold", () => {
		expect(names(fresh(), "shop")).toEqual(["cart", "web"])
		expect(fresh().get(Namespace, "shop")?.metadata.name).toBe("shop")
	})

	it("shows an answer instead of what the cache still holds", () => {
		const view = fresh()
		view.put(deployment("cart", {replicas: 7}))
		expect(view.get(Deployment, "cart", "shop")?.spec?.replicas).toBe(7)
		expect(view.list(Deployment, "shop").map(({spec}) => spec?.replicas)).toEqual([7, 2])
	})

	it("shows what was made, in order, and only in its namespace", () => {
		const view = fresh()
		view.put(deployment("db"))
		expect(names(view, "shop")).toEqual(["cart", "db", "web"])
		expect(names(view, "other")).toEqual(["api"])
		expect(names(view)).toEqual(["api", "cart", "db", "web"])
	})

	it("orders by namespace first, as every snapshot does", () => {
		const view = fresh()
		view.put(deployment("zeta", {namespace: "other"}))
		expect(names(view)).toEqual(["api", "zeta", "cart", "web"])
	})

	it("does not show what was removed, and shows it again when it was made again", () => {
		const view = fresh()
		view.remove(deployment("cart"))
		expect(view.get(Deployment, "cart", "shop")).toBeUndefined()
		expect(names(view, "shop")).toEqual(["web"])
		view.put(deployment("cart"))
		expect(names(view, "shop")).toEqual(["cart", "web"])
	})

	it("leaves the caches alone", () => {
		const caches = base()
		const view = new View(caches, {})
		view.remove(deployment("cart"))
		expect(caches.get(Deployment, "cart", "shop")).toBeDefined()
	})

	it("knows the kinds that the caches know", () => {
		expect(fresh().knows(Pod)).toBe(true)
		expect(new View(snapshotOf([], new Set([Pod.id])), {}).knows(Pod)).toBe(false)
	})
})
