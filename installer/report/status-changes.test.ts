import {describe, expect, it} from "vitest"
import type {MeshBinding} from "../../crds/generated.ts"
import {changes} from "./status-changes.ts"
import {statusDocument} from "./status-document.ts"

const binding = (namespace: string, message: string): MeshBinding => ({
	apiVersion: "heddle.dev/v1alpha1",
	kind: "MeshBinding",
	metadata: {name: "mesh", namespace},
	status: {
		dataplane: "istio-sidecar",
		fit: {verdict: "Ready", to: "istio-ambient", mode: "Sidecarless"},
		conditions: [
			{
				type: "Ready",
				status: "False",
				reason: "Migrating",
				message,
				lastTransitionTime: "2026-01-01T00:00:00Z",
			},
		],
	},
})
const look = (...bindings: readonly MeshBinding[]) => statusDocument(bindings)

describe("what a watch of the status tells", () => {
	it("is every namespace at first, where it is and where it goes", () => {
		expect(changes(undefined, look(binding("shop", "cart rolls")))).toEqual([
			"shop: istio-sidecar → istio-ambient, migrating: cart rolls",
		])
	})

	it("is nothing where nothing changed, and one line for what did", () => {
		const before = look(binding("shop", "cart rolls"), binding("pay", "waits"))
		expect(changes(before, before)).toEqual([])
		expect(changes(before, look(binding("shop", "web rolls"), binding("pay", "waits")))).toEqual([
			"shop: istio-sidecar → istio-ambient, migrating: web rolls",
		])
	})

	it("says that a namespace has come, or gone", () => {
		const before = look(binding("shop", "waits"))
		expect(changes(before, look(binding("pay", "waits")))).toEqual([
			"pay: istio-sidecar → istio-ambient, migrating: waits",
			"shop: its MeshBinding is gone",
		])
	})
})
