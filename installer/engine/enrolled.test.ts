import {expect, test} from "vitest"
import {dataplanes} from "../../profiles/registry.ts"
import {Pod} from "../../profiles/snapshot/kinds.ts"
import type {KubeObject} from "../../profiles/snapshot/object.ts"
import {snapshotOf} from "../../profiles/snapshot/snapshot.ts"
import {app, pod} from "../../profiles/testing/builders.ts"
import type {Manifest} from "../infra/manifest.ts"
import {objectionsTo} from "./enrolled.ts"

const sidecar = (name: string, revision: string) =>
	pod(name, {
		containers: [app, {name: "istio-proxy", image: "registry.example/proxyv2:1"}],
		annotations: {"sidecar.istio.io/status": "{}", "istio.io/rev": revision},
	})

const istiod = (revision: string): Manifest => ({
	apiVersion: "apps/v1",
	kind: "Deployment",
	metadata: {
		name: revision === "default" ? "istiod" : `istiod-${revision}`,
		namespace: "istio-system",
		labels: {"istio.io/rev": revision},
	},
})
const named = (kind: string, name: string): Manifest => ({
	apiVersion: "apps/v1",
	kind,
	metadata: {name, namespace: "x"},
})
const codes = (
	leaving: readonly Manifest[],
	objects: readonly KubeObject[],
	unknown: ReadonlySet<string> = new Set(),
) => objectionsTo(leaving, snapshotOf(objects, unknown), dataplanes).map(({code}) => code)

test("an istiod stays while a pod of its revision has a sidecar, and goes when only those of another have", () => {
	expect(codes([istiod("b")], [sidecar("cart", "b")])).toEqual(["PodsEnrolled"])
	expect(codes([istiod("b")], [sidecar("cart", "a"), pod("plain")])).toEqual([])
})

test("pods of what leaves as well do not hold it", () => {
	const owner = {apiVersion: "apps/v1", kind: "ReplicaSet", name: "gateway-5f", uid: "u", controller: true}
	const one = sidecar("gateway-5f-x", "b")
	const labels = {...one.metadata.labels, "pod-template-hash": "5f"}
	const owned = {...one, metadata: {...one.metadata, labels, ownerReferences: [owner]}}
	const {namespace} = owned.metadata
	const maker = (name: string): Manifest => ({
		...named("Deployment", name),
		metadata: {name, namespace: namespace ?? ""},
	})
	expect(codes([istiod("b"), maker("gateway")], [owned])).toEqual([])
	expect(codes([istiod("b"), maker("other")], [owned])).toEqual(["PodsEnrolled"])
})

test("the message names the namespaces, and how to take the pods out", () => {
	const [found] = objectionsTo([istiod("default")], snapshotOf([sidecar("cart", "default")]), dataplanes)
	expect(found).toMatchObject({
		severity: "block",
		object: "Deployment.apps/istio-system/istiod",
		message: expect.stringContaining("1 pods in shop need Deployment/istio-system/istiod"),
		fix: expect.stringContaining("mode None"),
	})
})

test("pods that may not be read count against a removal, since an empty list proves nothing then", () => {
	expect(codes([istiod("a")], [], new Set([Pod.id]))).toEqual(["PodsUnknown"])
	expect(codes([named("Deployment", "something")], [], new Set([Pod.id]))).toEqual([])
})

const profile: Manifest = {
	apiVersion: "heddle.dev/v1alpha1",
	kind: "MeshProfile",
	metadata: {name: "payments"},
	spec: {},
}
const binding = (state: string): Manifest => ({
	apiVersion: "heddle.dev/v1alpha1",
	kind: "MeshBinding",
	metadata: {name: "mesh", namespace: "shop"},
	status: {migration: {id: "1", state}},
})

test("the operator stays while it works for a profile that stays, or a migration is under way", () => {
	const operator = named("Deployment", "heddle-operator")
	expect(codes([operator], [profile])).toEqual(["ProfilesInTheWay"])
	expect(codes([operator, profile], [profile])).toEqual([])
	expect(codes([operator], [binding("Running")])).toEqual(["MigrationsUnderWay"])
	expect(codes([operator], [binding("Succeeded")])).toEqual([])
})
