import type {CatalogueEntry} from "./catalogue.ts"

export const kubernetesReasons = {
	ClientIPAffinityIgnored: {
		severity: "accept",
		doc: "A Service keeps clients at one pod by sessionAffinity ClientIP. kube-proxy and eBPF replacements of it do that; the load balancing of a mesh does not look at it, so calls from pods in the mesh spread over all pods.",
		fix: "Set the affinity in the mesh (consistentHash by source IP in a DestinationRule), or accept it if the application bears it.",
	},
	JobHeldBySidecar: {
		severity: "info",
		doc: "The containers of a Job's pod have ended, and a sidecar that is a plain container runs on. The Job never finishes by itself, whatever is migrated.",
		fix: "End the sidecar (its /quitquitquit), or delete the pod once its work is done; native sidecars end by themselves.",
	},
	ProbesRefusedByStrictMTLS: {
		severity: "accept",
		doc: "A pod template switches off that the injector rewrites HTTP and gRPC probes, and mTLS is strict. The kubelet has no certificate: new pods would never become ready.",
		fix: "Remove the annotation sidecar.istio.io/rewriteAppHTTPProbers, or use exec probes.",
	},
	RouteReadBySeveralMeshes: {
		severity: "info",
		doc: "A route of the Gateway API is attached to a Service, and several meshes of the cluster read such routes. It names no controller, so each of them acts on it for the pods that it has: what one refuses another may apply, and where it is applied twice, retries and weights multiply.",
		fix: "Keep it to what all of them carry while they coexist, and look at status.parents for who takes it.",
	},
} as const satisfies Record<string, CatalogueEntry>
