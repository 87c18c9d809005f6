import {expect, test} from "vitest"
import type {Manifest} from "../../infra/manifest.ts"
import {emptyInstallation} from "../installation.ts"
import {applySetOf, asMember, contentsIn, contentsOf, joined, otherTool, parentOf} from "./apply-set.ts"
import {ownerOf} from "./owner.ts"
import {readinessOf} from "./ready.ts"
import {changedFields} from "./same.ts"

const object = (kind: string, rest: object = {}, metadata: object = {}): Manifest => ({
	apiVersion: "apps/v1",
	kind,
	metadata: {name: "a", namespace: "n", generation: 2, ...metadata},
	...rest,
})

test("what an API server keeps for itself is no change, and neither is the order of keys", () => {
	const live = object("D", {spec: {a: 1, b: {c: [1]}}, status: {x: 1}}, {resourceVersion: "1", uid: "u"})
	const next = object("D", {spec: {b: {c: [1]}, a: 1}, status: {x: 2}}, {resourceVersion: "2", generation: 3})
	expect(changedFields(live, next)).toEqual([])
})

test("changes are told by the path of the field, those that come and go too", () => {
	const live = object("D", {spec: {a: 1, b: {c: [1]}, d: 1}})
	const next = object("D", {spec: {a: 2, b: {c: [2]}, e: 1}}, {labels: {x: "y"}})
	expect(changedFields(live, next)).toEqual(["metadata.labels", "spec.a", "spec.b.c", "spec.d", "spec.e"])
})

const rolledOut = {observedGeneration: 2, replicas: 2, updatedReplicas: 2, availableReplicas: 2}
const conditions = (type: string, status: string, rest: object = {}) => ({
	conditions: [{type, status, ...rest}],
})
const readiness: readonly [string, Manifest, string][] = [
	[
		"a Deployment that is rolled out",
		object("Deployment", {spec: {replicas: 2}, status: rolledOut}),
		"ready",
	],
	[
		"one whose controller has not seen it",
		object("Deployment", {spec: {replicas: 2}, status: {...rolledOut, observedGeneration: 1}}),
		"waiting",
	],
	[
		"one with a pod that is not available",
		object("Deployment", {spec: {replicas: 2}, status: {...rolledOut, availableReplicas: 1}}),
		"waiting",
	],
	[
		"one with an old pod",
		object("Deployment", {spec: {replicas: 2}, status: {...rolledOut, replicas: 3}}),
		"waiting",
	],
	[
		"one that makes no progress",
		object("Deployment", {
			spec: {},
			status: {
				observedGeneration: 2,
				...conditions("Progressing", "False", {reason: "ProgressDeadlineExceeded"}),
			},
		}),
		"failed",
	],
	[
		"a DaemonSet on every node",
		object("DaemonSet", {
			status: {
				observedGeneration: 2,
				desiredNumberScheduled: 3,
				updatedNumberScheduled: 3,
				numberAvailable: 3,
			},
		}),
		"ready",
	],
	[
		"one that a node lacks",
		object("DaemonSet", {
			status: {
				observedGeneration: 2,
				desiredNumberScheduled: 3,
				updatedNumberScheduled: 3,
				numberAvailable: 2,
			},
		}),
		"waiting",
	],
	[
		"a StatefulSet short of a pod",
		object("StatefulSet", {
			spec: {replicas: 2},
			status: {observedGeneration: 2, updatedReplicas: 2, readyReplicas: 1},
		}),
		"waiting",
	],
	[
		"a CRD without any condition",
		object("CustomResourceDefinition", {status: {conditions: null}}),
		"waiting",
	],
	[
		"a CRD that is Established",
		object("CustomResourceDefinition", {status: conditions("Established", "True")}),
		"ready",
	],
	[
		"a CRD whose names are taken",
		object("CustomResourceDefinition", {status: conditions("NamesAccepted", "False")}),
		"failed",
	],
	["a Job that runs", object("Job", {status: {}}), "waiting"],
	["a Job that is complete", object("Job", {status: conditions("Complete", "True")}), "ready"],
	["a Job that failed", object("Job", {status: conditions("Failed", "True")}), "failed"],
	[
		"an API whose server is down",
		object("APIService", {status: conditions("Available", "False")}),
		"waiting",
	],
	["a ConfigMap", object("ConfigMap"), "ready"],
]

test.each(readiness)("%s is as far as it says", (_name, live, state) => {
	expect(readinessOf(live).state).toBe(state)
})

const managed = (manager: string) => ({managedFields: [{manager}]})
const owners: readonly [string, object, RegExp, boolean][] = [
	["another ApplySet", {labels: {"applyset.kubernetes.io/part-of": "x"}}, /ApplySet x/, true],
	[
		"Argo CD",
		{annotations: {"argocd.argoproj.io/tracking-id": "mesh:apps/Deployment:n/a"}},
		/Argo CD application mesh/,
		true,
	],
	[
		"Argo CD with Helm's marks",
		{annotations: {"argocd.argoproj.io/tracking-id": "mesh:x", "meta.helm.sh/release-name": "r"}},
		/Argo CD/,
		true,
	],
	["Flux", {labels: {"kustomize.toolkit.fluxcd.io/name": "infra"}}, /Flux's infra/, true],
	[
		"Sail",
		{ownerReferences: [{apiVersion: "sailoperator.io/v1", kind: "IstioRevision", name: "default"}]},
		/Sail operator's IstioRevision default/,
		true,
	],
	[
		"Helm and cilium-cli",
		{annotations: {"meta.helm.sh/release-name": "cilium", "meta.helm.sh/release-namespace": "kube-system"}},
		/Helm release kube-system\/cilium/,
		false,
	],
	[
		"the linkerd CLI",
		{annotations: {"linkerd.io/created-by": "linkerd/cli edge-26.8.3"}},
		/linkerd\/cli edge-26\.8\.3/,
		false,
	],
	["istioctl", {labels: {"install.operator.istio.io/owning-resource": "installed-state"}}, /istioctl/, false],
	["Pulumi", managed("pulumi-kubernetes-1a2b"), /a Pulumi stack/, false],
	["kubectl", managed("kubectl-client-side-apply"), /kubectl-client-side-apply, without the mark/, false],
]

test.each(owners)("%s is known by what it leaves on the object", (_name, metadata, name, reconciles) => {
	const owner = ownerOf(object("Deployment", {}, metadata))
	expect([name.test(owner.name), owner.reconciles]).toEqual([true, reconciles])
})

test("a chart's own label that names nobody makes nobody an owner", () => {
	const labels = {"install.operator.istio.io/owning-resource": "unknown"}
	expect(ownerOf(object("Deployment", {}, {labels, ...managed("helm")})).name).toMatch(/^helm, without/)
})

test("the record of a release is an ApplySet's parent, as KEP-3659 has it", () => {
	const set = applySetOf("heddle")
	// sha256 of `heddle-install-heddle.heddle-system.ConfigMap.` by another implementation.
	expect(set.id).toBe("applyset-hHrYH4LvmEszVoojuYzdGKmmLuMplLONnUHKrnZ_LfQ-v1")
	const members = [object("Deployment"), {...object("Thing"), apiVersion: "x.io/v1"}]
	const parent = parentOf(set, contentsOf(members), emptyInstallation("heddle"))
	expect(parent.metadata.annotations).toEqual({
		"applyset.kubernetes.io/tooling": "heddle/v0.1.0",
		"applyset.kubernetes.io/contains-group-kinds": "Deployment.apps,Thing.x.io",
		"applyset.kubernetes.io/additional-namespaces": "n",
	})
	expect(contentsIn(parent)).toEqual({kinds: ["Deployment.apps", "Thing.x.io"], namespaces: ["n"]})
	expect(asMember(object("D", {}, {labels: {a: "b"}}), set).metadata.labels).toEqual({
		a: "b",
		"applyset.kubernetes.io/part-of": set.id,
	})
	expect(otherTool(parent)).toBeUndefined()
	expect(
		otherTool(object("ConfigMap", {}, {annotations: {"applyset.kubernetes.io/tooling": "kubectl/v1.36"}})),
	).toBe("kubectl/v1.36")
	expect(joined({kinds: ["b"], namespaces: []}, {kinds: ["a", "b"], namespaces: ["n"]})).toEqual({
		kinds: ["a", "b"],
		namespaces: ["n"],
	})
})
