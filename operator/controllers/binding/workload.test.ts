import {describe, expect, it} from "vitest"
import {sameStatus} from "../same-status.ts"
import {kindOfRef} from "./touched.ts"
import {parseRef, templatePatch} from "./workload.ts"

describe("a reference", () => {
	it.each([
		["Deployment/shop/cart", {kind: "Deployment", namespace: "shop", name: "cart"}],
		["Namespace/shop", {kind: "Namespace", name: "shop"}],
	])("%s", (ref, expected) => {
		expect(parseRef(ref)).toEqual(expected)
	})

	it("of a kind that no migration touches is a bug", () => {
		expect(kindOfRef("Deployment/shop/cart").plural).toBe("deployments")
		expect(() => kindOfRef("Secret/shop/key")).toThrow("a migration never touches a Secret")
	})
})

describe("the patch of a pod template", () => {
	const keys = {labels: {a: "1", b: null}, annotations: {}}
	it("lies deeper in a CronJob", () => {
		expect(templatePatch("Deployment", keys)).toEqual({template: {metadata: keys}})
		expect(templatePatch("CronJob", keys)).toEqual({jobTemplate: {spec: {template: {metadata: keys}}}})
	})
})

describe("two statuses", () => {
	it.each([
		["the order of keys does not matter", {a: 1, b: {c: 1, d: 2}}, {b: {d: 2, c: 1}, a: 1}, true],
		["the order of a list does", {a: [1, 2]}, {a: [2, 1]}, false],
		["nothing is an empty one", undefined, {}, true],
		["a value that is another", {a: 1}, {a: "1"}, false],
	])("%s", (_, a, b, expected) => {
		expect(sameStatus(a, b)).toBe(expected)
	})
})
