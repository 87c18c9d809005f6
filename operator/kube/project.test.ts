import {expect, test} from "vitest"
import {CiliumEndpoint} from "../../profiles/apis/cilium/kinds.ts"
import {AuthorizationPolicy} from "../../profiles/apis/istio/kinds.ts"
import {Pod, ReplicaSet} from "../../profiles/snapshot/kinds.ts"
import type {Pod as PodShape} from "../../profiles/snapshot/shapes.ts"
import {Interner} from "./intern.ts"
import {keepersOf} from "./project.ts"

const lastApplied = {"kubectl.kubernetes.io/last-applied-configuration": "{}"}
const metadata = (name: string) => ({
	name,
	namespace: "shop",
	uid: name,
	resourceVersion: "1",
	labels: {app: "cart"},
	annotations: {...lastApplied, mine: "1"},
	managedFields: [{manager: "kubectl", operation: "Apply"}],
})
const pod = (name: string) => ({
	apiVersion: "v1",
	kind: "Pod",
	metadata: metadata(name),
	spec: {
		nodeName: "n1",
		tolerations: [{}],
		containers: [
			{
				name: "app",
				image: "app:1",
				volumeMounts: [{}],
				env: [{name: "A", value: "1", valueFrom: {}}],
				readinessProbe: {httpGet: {path: "/"}},
			},
		],
		volumes: [
			{name: "token", projected: {}},
			{name: "data", persistentVolumeClaim: {claimName: "data"}},
		],
	},
	status: {
		phase: "Running",
		hostIP: "1.2.3.4",
		podIP: "10.0.0.1",
		conditions: [{type: "Ready", status: "True", lastTransitionTime: "2026-01-01T00:00:00Z"}],
		containerStatuses: [
			{
				name: "app",
				ready: true,
				restartCount: 2,
				imageID: "sha256:0",
				state: {running: {startedAt: "2026-01-01T00:00:00Z"}},
			},
		],
	},
})

test("of a pod is kept what the planner reads, and nothing undefined stands in for the rest", () => {
	const kept = keepersOf()(Pod)(pod("a"))
	expect(kept).toStrictEqual({
		apiVersion: "v1",
		kind: "Pod",
		metadata: {
			name: "a",
			namespace: "shop",
			uid: "a",
			resourceVersion: "1",
			labels: {app: "cart"},
			annotations: {mine: "1"},
		},
		spec: {
			nodeName: "n1",
			containers: [
				{name: "app", image: "app:1", env: [{name: "A", value: "1"}], readinessProbe: {httpGet: {path: "/"}}},
			],
			volumes: [{name: "data", persistentVolumeClaim: {claimName: "data"}}],
		},
		status: {
			phase: "Running",
			podIP: "10.0.0.1",
			conditions: [{type: "Ready", status: "True", lastTransitionTime: "2026-01-01T00:00:00Z"}],
			containerStatuses: [{name: "app", ready: true, restartCount: 2, state: {running: {}}}],
		},
	})
})

test("what the pods of a workload have in common stands in memory once", () => {
	const keep = keepersOf()(Pod)
	const [a, b] = [keep(pod("a")) as PodShape, keep(pod("b")) as PodShape]
	expect(a.spec?.containers).toBe(b.spec?.containers)
	expect(a.metadata.labels).toBe(b.metadata.labels)
	expect(a.status?.containerStatuses).toBe(b.status?.containerStatuses)
})

test("of a policy everything is kept but its managers and the copy that kubectl keeps", () => {
	const policy = {
		apiVersion: "security.istio.io/v1",
		kind: "AuthorizationPolicy",
		metadata: metadata("deny"),
		spec: {anything: {at: ["all"]}},
		status: {},
	}
	const {managedFields: _, ...rest} = policy.metadata
	expect(keepersOf()(AuthorizationPolicy)(policy)).toStrictEqual({
		...policy,
		metadata: {...rest, annotations: {mine: "1"}},
	})
})

test("a replica set keeps its template, since one without a Deployment is a workload", () => {
	const template = {
		metadata: {labels: {app: "cart"}},
		spec: {hostNetwork: true, containers: [{name: "app", volumeMounts: []}]},
	}
	expect(
		keepersOf()(ReplicaSet)({
			apiVersion: "apps/v1",
			kind: "ReplicaSet",
			metadata: {name: "a"},
			spec: {replicas: 2, template},
		} as never),
	).toStrictEqual({
		apiVersion: "apps/v1",
		kind: "ReplicaSet",
		metadata: {name: "a"},
		spec: {
			replicas: 2,
			template: {metadata: {labels: {app: "cart"}}, spec: {hostNetwork: true, containers: [{name: "app"}]}},
		},
	})
})

test("an interner that is full starts afresh and stays right", () => {
	const interner = new Interner(2)
	const values = [{a: 1}, {a: 2}, {a: 3}, {a: 1}].map((value) => interner.share(value))
	expect(values).toEqual([{a: 1}, {a: 2}, {a: 3}, {a: 1}])
	expect(interner.share("x")).toBe("x")
	expect(interner.share('"x"')).toBe('"x"')
})

test("of a CiliumEndpoint its name and its state are kept, since there is one for each pod", () => {
	const keep = keepersOf()(CiliumEndpoint)
	const endpoint = {
		apiVersion: "cilium.io/v2",
		kind: "CiliumEndpoint",
		metadata: {
			...metadata("cart"),
			ownerReferences: [{apiVersion: "v1", kind: "Pod", name: "cart", uid: "1"}],
		},
		status: {state: "ready", identity: {id: 1, labels: ["k8s:app=cart"]}, networking: {}},
	}
	expect(keep(endpoint)).toEqual({
		apiVersion: "cilium.io/v2",
		kind: "CiliumEndpoint",
		metadata: {name: "cart", namespace: "shop", uid: "cart", resourceVersion: "1"},
		status: {state: "ready"},
	})
})
