/** What data does not say of a dataplane, for its page. */
export type Text = {
	/** One line for the list of all. */
	readonly short: string
	readonly what: string
	readonly limits?: string
	/** Its name in the compatibility data of the installer. */
	readonly component?: string
}

export const about: Readonly<Record<string, Text>> = {
	"istio-sidecar": {
		short: "an Envoy beside every pod; carries nearly every feature",
		what: "An Envoy proxy runs beside every pod, injected by istiod when the pod is made. Heddle enrols a workload by a new pod template and believes a pod only when its injected container is there and ready.",
		limits:
			"Every pod pays for its proxy. A sidecar reads its configuration from istiod: several revisions may run side by side, and a profile may pin one with `dataplane.revision`.",
		component: "istio",
	},
	"istio-ambient": {
		short: "ztunnel on each node for mTLS and L4, waypoints for L7",
		what: "ztunnel on each node carries mTLS and L4 rules; L7 rules need a waypoint, which a plan brings. Heddle enrols by new pods and never flips running ones: the label on a running pod resets its connections. A pod counts as enrolled when istio-cni has marked its redirection and it is not captured a second time.",
		limits:
			"ztunnel cannot read HTTP: an L7 rule without a waypoint would do nothing, or deny too much. Heddle blocks such a rule or moves it to a waypoint when its translation is exact. Moves that need a waypoint wait for acceptance until their order is proved on real traffic.",
		component: "istio-ambient",
	},
	linkerd: {
		short: "Linkerd's own micro-proxy beside every pod",
		what: "Linkerd's proxy runs beside every pod, injected by its webhook. Its policies are allow-lists: there is no rule that denies.",
		limits:
			"A policy of Istio with an explicit DENY has no exact counterpart and blocks. Proved on data, and on an API server with stand-ins for Linkerd's CRDs; its own control plane has not run in the tests.",
		component: "linkerd",
	},
	cilium: {
		short: "the CNI itself: eBPF for L3 and L4, one Envoy per node for L7",
		what: "Cilium is the cluster's network and, where a namespace has a duty for it (an L7 rule, an Envoy configuration, a GAMMA route, encryption or mTLS), its dataplane. Without such a duty a namespace is on `none` with `cni: cilium`. Pods need no key: rules say what Cilium does for them.",
		limits:
			"Its mTLS is a preview. What Cilium does under another mesh, such as masquerading or socket load balancing, can break that mesh; Heddle looks at the settings and refuses what it knows to fail.",
		component: "cilium",
	},
	"gke-dataplane-v2": {
		short: "Google's managed Cilium: L3 and L4 only",
		what: "Google's managed form of Cilium in GKE. It enforces Kubernetes NetworkPolicy and what Google exposes beyond it; L7 is not offered.",
		limits: "Proved on data alone: no GKE cluster has been part of the tests.",
	},
	"gke-ambient": {
		short: "Google's managed ambient dataplane; a preview",
		what: "Google's managed ambient dataplane, by a label of the namespace alone: a pod has no key of its own, neither to come in nor to stay out.",
		limits:
			"A preview of Google's: every feature needs acceptance. Since no pod can be moved by itself, Heddle refuses moves by a namespace's label where it could not prove each pod. Proved on data alone.",
	},
	kmesh: {
		short: "eBPF on each node, configured by istiod; no mTLS",
		what: "eBPF programs on each node carry L4; L7 needs a waypoint with Kmesh's own image. An istiod configures it. Kmesh and ambient use the same label, so that a pod is one's or the other's.",
		limits:
			"There is no mTLS between workloads: IPsec between nodes at most, and plaintext within a node. It is tested upstream with Istio 1.22 to 1.25 only. Proved on data alone.",
		component: "kmesh",
	},
	mosn: {
		short: "MOSN in the place of Envoy, beside every pod",
		what: "MOSN in the place of Envoy, injected by the same webhook with the same labels as Istio's sidecar: the revision alone decides which proxy comes.",
		limits:
			"It follows Istio 1.10, which is no longer maintained: the plan says so with MosnIsLegacy. Proved on data alone.",
	},
	none: {
		short: "out of every mesh",
		what: "Out of every mesh. A namespace on a Cilium or GKE network without any mesh duty is on `none` as well; the plan tells its `cni`.",
		limits:
			"Leaving a mesh gives up mTLS and every rule that it enforced. What protects the namespace now and would be gone is found and refused.",
	},
	dapr: {
		short: "Dapr's sidecar, beside the dataplane",
		what: "Dapr is no dataplane: it captures nothing, and runs beside one. With `runtime.dapr.enabled` Heddle sets the annotations that a template lacks and never changes one that its owner set. What the mesh cannot see, because it flows between Dapr's sidecars, is told.",
		limits: "Dapr's mTLS and the mesh's are two layers: run one of them.",
		component: "dapr",
	},
	wasmedge: {
		short: "workloads that are WebAssembly modules, on WasmEdge",
		what: "Pods whose RuntimeClass runs a WebAssembly module on WasmEdge. A mesh that adds a Linux container to such a pod needs a runtime that runs both in one sandbox; Heddle judges each workload by its RuntimeClass and handler.",
		limits: "Proved on data alone. Native sidecars beside a module are not proved.",
	},
	wasmtime: {
		short: "workloads that are WebAssembly modules, on Wasmtime",
		what: "Pods whose RuntimeClass runs a WebAssembly module on Wasmtime. What holds for WasmEdge holds here: the RuntimeClass and its handler decide what may stand beside the module.",
		limits: "Proved on data alone. Native sidecars beside a module are not proved.",
	},
}
