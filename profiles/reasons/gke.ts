import type {CatalogueEntry} from "./catalogue.ts"

export const gkeReasons = {
	DataplaneManagedByGKE: {
		severity: "info",
		doc: "GKE runs Dataplane V2 itself. Its flags cannot be changed, it has no L7 rules, no Envoy configuration and no routes on Services.",
		fix: "Nothing to do; for L7 choose a mesh above it.",
	},
	PolicyNotOnDataplaneV2: {
		severity: "block",
		doc: "GKE Dataplane V2 enforces L3 and L4 of clusterwide Cilium policies only. A CiliumNetworkPolicy of a namespace, a rule for HTTP or another protocol, or an Envoy configuration, is enforced by nobody there.",
		fix: "Choose a mesh for L7 rules, a NetworkPolicy or a clusterwide policy for L4, and remove the object.",
	},
	NodeLocalHBONEBlackhole: {
		severity: "accept",
		doc: "On GKE Dataplane V2 ambient has been seen to lose connections between pods of one node until that node is drained (istio#59754, open).",
		fix: "Try it on one node pool first, and watch connections within a node; or accept the risk.",
	},
	FQDNPolicyWithCloudServiceMesh: {
		severity: "block",
		doc: "A FQDNNetworkPolicy limits what the namespace may reach. GKE does not support it together with Cloud Service Mesh.",
		fix: "Limit egress in the mesh, then remove the policy.",
	},
	WasmNotOnCloudServiceMesh: {
		severity: "block",
		doc: "A Wasm module is in use, and the revision is one of Cloud Service Mesh's managed control planes, which ignore WasmPlugins without an error: the module would run nowhere, and what it checks would pass.",
		fix: "Use a revision of Istio's own for this namespace, or take the module out.",
	},
	GKEAmbientPreview: {
		severity: "accept",
		doc: "GKE ambient networking is a preview for allowlisted projects. Where its agent on a node is down, authentication and authorization of inbound traffic may be bypassed.",
		fix: "Use it where that may happen, and accept the preview.",
	},
	GKEAmbientUnready: {
		severity: "block",
		doc: "A component of GKE ambient networking is missing or not ready on a node. Inbound authentication and authorization may be bypassed there.",
		fix: "Wait until GKE has brought it up on every node.",
	},
	GKEAmbientRefusesSidecars: {
		severity: "block",
		doc: "GKE ambient networking does not interoperate with workloads that have sidecars, and Istio's policies are not read by it.",
		fix: "Take the sidecars out of the namespace and of its callers first.",
	},
	GKEAmbientUnsupported: {
		severity: "block",
		doc: "GKE ambient networking does not support headless Services, trafficDistribution, or GKE Sandbox (gVisor).",
		fix: "Leave these workloads out of ambient networking.",
	},
	GKEAmbientStrictUnproven: {
		severity: "block",
		doc: "Strict mTLS is asked for. In GKE ambient networking a GCPServerTLSPolicy decides it, which this version of Heddle does not read.",
		fix: "Leave spec.mtls out and prove it yourself, or choose another dataplane.",
	},
	WholeNamespaceOnly: {
		severity: "block",
		doc: "This dataplane takes pods in and lets them go by a label of the namespace alone, all running pods at once and with their connections. Heddle moves workloads by new pods, one after the other, and cannot do that here.",
		fix: "Change the label by hand in a quiet moment, or while the workloads are scaled to zero; Heddle then takes the namespace as it finds it.",
	},
} as const satisfies Record<string, CatalogueEntry>
