import {expect, test} from "vitest"
import type {KubeObject} from "../../snapshot/object.ts"
import type {ConfigMap} from "../../snapshot/shapes.ts"
import {snapshotOf} from "../../snapshot/snapshot.ts"
import {namespace, policy} from "../../testing/builders.ts"
import {brief} from "../../testing/cases.ts"
import {istiod} from "../../testing/istio.ts"
import {rootNamespaces} from "./control-plane.ts"
import {protectionLostOutsideIstio} from "./leaving.ts"

const meshConfig = (name: string, mesh: string): ConfigMap => ({
	apiVersion: "v1",
	kind: "ConfigMap",
	metadata: {name, namespace: "istio-system"},
	data: {mesh},
})

test.each([
	["trustDomain: cluster.local\nrootNamespace: mesh-policies\n", "mesh-policies"],
	['rootNamespace: "mesh-policies"\ntrustDomain: cluster.local\n', "mesh-policies"],
	["rootNamespace:\ntrustDomain: cluster.local\n", "istio-system"],
	["defaultConfig:\n  rootNamespace: nested\n", "istio-system"],
	["# rootNamespace: a-comment\n", "istio-system"],
])("of the mesh's settings %j the root namespace is %s", (mesh, wanted) => {
	expect(rootNamespaces(snapshotOf([...istiod(), meshConfig("istio", mesh)]))).toEqual([wanted])
})

test("each revision has settings of its own", () => {
	const planes = [...istiod(), ...istiod({revision: "1-31"})]
	const one = meshConfig("istio-1-31", "rootNamespace: mesh-policies\n")
	expect(rootNamespaces(snapshotOf([...planes, one]))).toEqual(["mesh-policies", "istio-system"])
	expect(rootNamespaces(snapshotOf([]))).toEqual(["istio-system"])
})

test("a policy of the root namespace that the mesh's settings name is lost outside of Istio", () => {
	const cluster = [namespace("shop"), ...istiod()]
	const deny = policy("AuthorizationPolicy", "deny", {}, {namespace: "mesh-policies"})
	const lost = (...objects: readonly KubeObject[]) =>
		brief(protectionLostOutsideIstio(snapshotOf([...cluster, deny, ...objects]), "shop"))
	expect(lost()).toEqual([])
	expect(lost(meshConfig("istio", "rootNamespace: mesh-policies\n"))).toEqual([
		"block AuthorizationStopsBeingEnforced AuthorizationPolicy/mesh-policies/deny",
	])
})
