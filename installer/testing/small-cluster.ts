import type {MeshProfile} from "../../crds/generated.ts"
import {controlPlanes, nodes, workload} from "../../operator/plan/testing/cluster.ts"
import {meshProfile} from "../../operator/plan/testing/profile.ts"
import type {KubeObject} from "../../profiles/snapshot/object.ts"

const namespace = (name: string, labels: Readonly<Record<string, string>>): KubeObject => ({
	apiVersion: "v1",
	kind: "Namespace",
	metadata: {name, labels: {"kubernetes.io/metadata.name": name, ...labels}},
})

const policy = (kind: string, name: string, spec: object, where: string) =>
	({apiVersion: "security.istio.io/v1", kind, metadata: {name, namespace: where}, spec}) as KubeObject

/** One namespace for each verdict, and one that nobody selects. */
export const smallCluster: readonly KubeObject[] = [
	...nodes(),
	...controlPlanes.istio(),
	...controlPlanes.ambient(),
	namespace("ready", {team: "payments"}),
	...workload({kind: "Deployment", name: "cart", namespace: "ready", on: "none", options: {replicas: 2}}),
	...workload({kind: "Deployment", name: "orders", namespace: "ready", on: "none", options: {replicas: 3}}),
	namespace("done", {team: "payments", "istio.io/dataplane-mode": "ambient"}),
	...workload({kind: "Deployment", name: "web", namespace: "done", on: "istio-ambient"}),
	namespace("risky", {team: "payments", "istio-injection": "enabled"}),
	...workload({
		kind: "Deployment",
		name: "search",
		namespace: "risky",
		on: "istio-sidecar",
		options: {replicas: 2},
	}),
	policy(
		"AuthorizationPolicy",
		"deny-delete",
		{action: "DENY", rules: [{to: [{operation: {methods: ["DELETE"]}}]}]},
		"risky",
	),
	namespace("legacy", {team: "payments", "istio-injection": "enabled"}),
	...workload({kind: "Deployment", name: "old", namespace: "legacy", on: "istio-sidecar"}),
	{
		apiVersion: "networking.istio.io/v1alpha3",
		kind: "EnvoyFilter",
		metadata: {name: "ratelimit", namespace: "legacy"},
		spec: {configPatches: [{applyTo: "HTTP_FILTER"}]},
	} as KubeObject,
	namespace("aside", {}),
	...workload({kind: "Deployment", name: "tool", namespace: "aside", on: "none"}),
]

export const toAmbient: MeshProfile = meshProfile({mode: "Sidecarless", provider: "istio-ambient"})
