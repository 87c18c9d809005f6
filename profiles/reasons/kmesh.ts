import type {CatalogueEntry} from "./catalogue.ts"

const attach = "Attach it by targetRefs to the Service, and give the Service a waypoint with Kmesh's image."
const bringWaypoint =
	"Bring the waypoint with Kmesh's image (kmeshctl waypoint apply), or set its annotation sidecar.istio.io/proxyImage."

export const kmeshReasons = {
	KmeshAgentsUnready: {
		severity: "block",
		doc: "Kmesh's agent is missing or not ready on a node that may get pods. Nothing would carry, or limit, the traffic of a pod there.",
		fix: "Bring the DaemonSet kmesh up on every schedulable node first.",
	},
	NodeWithoutKmeshAgent: {
		severity: "block",
		doc: "Pods of the namespace run on a node without a ready agent of Kmesh. Their successors there would be outside of it.",
		fix: "Let the DaemonSet kmesh tolerate the taints of that node, or move the pods.",
	},
	KmeshKernelTooOld: {
		severity: "block",
		doc: "A node's kernel is older than 5.10, which Kmesh's eBPF programs need.",
		fix: "Upgrade the kernel, or keep the workloads off that node.",
	},
	KmeshIstioUnsupported: {
		severity: "block",
		doc: "Kmesh takes its configuration from istiod and is tested with Istio 1.22 to 1.25. With another release nobody has shown that rules arrive and are enforced.",
		fix: "Point XDS_ADDRESS of the DaemonSet kmesh to a revision of Istio within that window.",
	},
	KmeshIstioUnknown: {
		severity: "accept",
		doc: "Nothing in the cluster tells the version of the istiod that serves Kmesh, which is tested with Istio 1.22 to 1.25.",
		fix: "Check the version of that istiod, then accept it.",
	},
	KmeshKernelNative: {
		severity: "info",
		doc: "Kmesh runs in its kernel-native mode: HTTP is routed by a patched kernel, nothing goes to a waypoint, and no authorization is enforced.",
		fix: "Run Kmesh with --mode=dual-engine for authorization and waypoints.",
	},
	KmeshKernelNativeUnenforced: {
		severity: "block",
		doc: "A policy or an L7 rule is in use, and Kmesh runs in its kernel-native mode, which enforces no authorization and uses no waypoint. Whether the kernel routes HTTP no API object proves.",
		fix: "Run Kmesh with --mode=dual-engine.",
	},
	KmeshEncryption: {
		severity: "info",
		doc: "Kmesh has no mTLS between workloads. With --enable-ipsec it encrypts between nodes under one key of the cluster.",
		fix: "Run Kmesh with --enable-ipsec, or encrypt underneath (WireGuard), where traffic must not be readable.",
	},
	KmeshBesideZtunnel: {
		severity: "accept",
		doc: "Kmesh's agent and ztunnel run in the same cluster. A pod can be one's only, since both read the label istio.io/dataplane-mode; that both agents work side by side on a node nobody states or tests.",
		fix: "Try it in a cluster that may break, then accept it for the time of the move.",
	},
	KmeshHasNoWorkloadMTLS: {
		severity: "block",
		doc: "mTLS is strict for the namespace. Kmesh has no mTLS between workloads, so its pods would accept plaintext from everyone.",
		fix: "Set the namespace to PERMISSIVE first, knowing what that opens, or choose a dataplane with mTLS.",
	},
	KmeshIgnoresHTTPAttributes: {
		severity: "block",
		doc: "An AuthorizationPolicy with HTTP attributes selects pods. Kmesh's agent gets it from istiod without these attributes: an ALLOW rule is lost (over-denies), and a DENY rule that is left empty never matches (fail-open).",
		fix: attach,
	},
	KmeshIgnoresPolicy: {
		severity: "block",
		doc: "A policy or an extension that selects pods is of a kind or an action that Kmesh's agent does not know: nobody would enforce or run it.",
		fix: attach,
	},
	KmeshAuthorizationLags: {
		severity: "accept",
		doc: "Kmesh's agent judges a connection when it is established already, in user space, and resets it when it is denied. By its source (not measured here), first bytes may reach the server before that, and with a full ring buffer a connection is not judged at all.",
		fix: "Enforce the same by a NetworkPolicy as well, or accept the window.",
	},
	WaypointWithoutKmeshImage: {
		severity: "block",
		doc: "Rules need a waypoint, and the namespace's one runs Istio's own image. Kmesh sends to port 15019 with a preface that only its own image reads: requests would fail.",
		fix: bringWaypoint,
	},
	WaypointWithKmeshImage: {
		severity: "accept",
		doc: "The namespace moves to ambient, and its waypoint runs Kmesh's image, which is made for another way in. That ztunnel reaches its rules there nobody states.",
		fix: "Remove the annotation sidecar.istio.io/proxyImage from the Gateway, once no pod is on Kmesh.",
	},
	KmeshWaypointUnsupported: {
		severity: "block",
		doc: "Rules need a waypoint, and Kmesh's waypoint is tested with Istio 1.23 to 1.25 only. Later releases take the EnvoyFilter that opens its port differently (kmesh#1512).",
		fix: "Serve Kmesh from an Istio within that window, or choose another dataplane.",
	},
	NetworkPolicyBlocksKmeshWaypoint: {
		severity: "block",
		doc: "A NetworkPolicy limits egress to ports of the application. Pods on Kmesh reach a waypoint on TCP 15019, which it would cut.",
		fix: "Admit TCP 15019 to the waypoint.",
	},
} as const satisfies Record<string, CatalogueEntry>
