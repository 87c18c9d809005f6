import type {CatalogueEntry} from "./catalogue.ts"

export const ciliumReasons = {
	CiliumAgentUnready: {
		severity: "block",
		doc: "Cilium's agent is not ready on every node that may get pods. A new pod there would get no network, or rules that are old.",
		fix: "Bring the DaemonSet up on every schedulable node first.",
	},
	ZtunnelOfCiliumUnready: {
		severity: "block",
		doc: "Cilium runs with enable-ztunnel: true, and its DaemonSet ztunnel-cilium is missing or not ready on every node. Pods of enrolled namespaces are redirected there: they would be cut off.",
		fix: "Bring ztunnel-cilium up on every node first.",
	},
	CiliumConfigUnseen: {
		severity: "block",
		doc: "Cilium is the network of the cluster, and the ConfigMap kube-system/cilium-config is not to be seen. Its flags decide what Cilium encrypts, and whether a mesh above it works or is bypassed.",
		fix: "Allow Heddle to get this one ConfigMap, or add it to the input.",
	},
	CiliumMutualAuthenticationDeprecated: {
		severity: "info",
		doc: "Cilium's mutual authentication by SPIRE is on. It is deprecated (cilium#47132) and encrypts nothing by itself.",
		fix: "Plan to replace it by ztunnel, or by the mTLS of a mesh.",
	},
	NoMeshDuty: {
		severity: "block",
		doc: "Nothing asks the container network to do more for the namespace than being its network: no L7 rule, Envoy configuration, accepted route, encryption or mTLS. A namespace without any is on none, and a move would change nothing.",
		fix: "Write the rule or the route that is wanted first, or choose the mode None.",
	},
	NetworkDutyStays: {
		severity: "block",
		doc: "The profile takes the namespace out of every mesh, and the container network still does for it what a mesh would: rules for a proxy, a route, encryption or mTLS. Heddle removes none of them.",
		fix: "Remove what the message names, or choose the mode Sidecarless with the container network as provider.",
	},
	CiliumL7ProxyOff: {
		severity: "block",
		doc: "A policy has rules for HTTP or another protocol, and Cilium runs with enable-l7-proxy: false. Nothing enforces them.",
		fix: "Turn l7Proxy on and restart the agents, before any pod moves.",
	},
	CiliumPolicyNotEnforced: {
		severity: "block",
		doc: "A Cilium policy holds for the namespace, and Cilium's flags keep it from being enforced: enable-policy is never, or policy-audit-mode is on.",
		fix: "Let Cilium enforce policies and restart the agents, or remove what nobody enforces.",
	},
	RouteNotAcceptedByCilium: {
		severity: "block",
		doc: "A route is on a Service, and its status does not say that Cilium has accepted it. What it routes, splits or rewrites would end.",
		fix: "Turn Cilium's Gateway API support on, and correct what its status says; or remove the route.",
	},
	ConsumerRouteUnsupported: {
		severity: "block",
		doc: "The namespace has a route of its own about a Service of another one. Cilium knows no such routes: only the Service's own namespace may route to it.",
		fix: "Move the route to the namespace of the Service, with its owner.",
	},
	SeveralRoutesPerService: {
		severity: "block",
		doc: "Two HTTPRoutes are on one Service. Before 1.18 Cilium honours the one that it has seen last (cilium#39830).",
		fix: "Join them into one route, or upgrade Cilium.",
	},
	WorkloadMTLSGivenUp: {
		severity: "accept",
		doc: "A mesh gives the pods mTLS now, though nothing demands it. On the container network alone their traffic is plaintext between pods; WireGuard or IPsec encrypts it between nodes only, and no workload proves who it is.",
		fix: "Stay in the mesh, or accept that encryption ends at the node.",
	},
	CiliumMTLSNotEnrolled: {
		severity: "block",
		doc: "Strict mTLS is asked for, and the namespace is not enrolled in Cilium's ztunnel: its pods would accept plaintext.",
		fix: "Enrol all namespaces that speak with each other at once, by the label io.cilium/mtls-enabled, in a quiet moment; or choose another dataplane.",
	},
	ZtunnelOfCiliumEnrolled: {
		severity: "block",
		doc: "The namespace is enrolled in Cilium's ztunnel, by a label of the namespace that no pod can opt out of. A pod that another mesh captures would be captured twice, on the same ports.",
		fix: "Remove the label io.cilium/mtls-enabled in a quiet moment: established connections are reset.",
	},
	CiliumL7BreaksMTLS: {
		severity: "block",
		doc: "A Cilium policy with rules for a proxy selects pods of the namespace. In a mesh their traffic is mTLS, which Cilium's Envoy cannot read: calls fail with 503.",
		fix: "Write these rules in the mesh's own policies and remove them from Cilium's, or set mTLS to DISABLE where sidecars allow it.",
	},
	CiliumEnvoyConfigSkipped: {
		severity: "block",
		doc: "A CiliumEnvoyConfig stands before a Service. Proxies of a mesh send straight to the pods: what it limits, verifies or routes would be skipped for them.",
		fix: "Write the same in the mesh's own objects, then remove it.",
	},
	CiliumPortsMissTunnel: {
		severity: "block",
		doc: "A Cilium policy admits TCP ports of the application, and not the one by which pods of the mesh reach each other. Their traffic would be dropped. By that one port every port of a pod is reached.",
		fix: "Keep callers to the admitted ports by the mesh's own policies first; only then admit the mesh's port to the very peers of the rule, never to everyone.",
	},
	CiliumDenyMissesTunnel: {
		severity: "block",
		doc: "A Cilium policy denies TCP ports of the application. In the mesh the same traffic arrives on another port, and the policy would no longer deny it.",
		fix: "Deny the peers without naming ports, or write the rule in the mesh's own policies.",
	},
	CiliumRefusesProbes: {
		severity: "block",
		doc: "Cilium refuses what no policy admits to these pods. In ambient the kubelet's probes come from 169.254.7.127, and would be refused (istio#49277).",
		fix: "Apply a CiliumClusterwideNetworkPolicy that admits 169.254.7.127/32, without default deny.",
	},
	CiliumRemovesPlugins: {
		severity: "block",
		doc: "Cilium runs with cni-exclusive: true and removes the CNI plugins of others. Pods of this mesh would start without being captured.",
		fix: "Set cni.exclusive=false and restart the agents.",
	},
	CiliumMasqueradeBreaksProbes: {
		severity: "block",
		doc: "Cilium runs with enable-bpf-masquerade: true. Ambient marks the kubelet's probes by a link-local address, which it drops: no pod would become ready (istio#52208).",
		fix: "Set bpf.masquerade=false and restart the agents.",
	},
	CiliumBypassesProxies: {
		severity: "block",
		doc: "Cilium resolves Services in the sockets of pods, before a proxy sees them: traffic would go past the mesh's routing and past its waypoints with their rules.",
		fix: "Set socketLB.hostNamespaceOnly=true and restart the agents.",
	},
	CiliumIgnoresLabel: {
		severity: "block",
		doc: "The plan would carry policies over to Cilium, which select pods by labels that Cilium's flags keep out of identities (labels, label-prefix-file). Such a policy selects no pod and closes nothing.",
		fix: "Let the agents take these labels into identities and restart them.",
	},
	SidecarLabelOnTemplate: {
		severity: "block",
		doc: "The plan tells pods that have lost their sidecars from others by the label security.istio.io/tlsMode, which Istio's injector sets. A pod template that has it by itself keeps it without a sidecar: the policies that take over would not hold for its pods.",
		fix: "Remove the label from the template.",
	},
	NetworkAdmitsItsNode: {
		severity: "block",
		doc: "A container network always lets a pod's own node in, since the kubelet's probes come from there. A sidecar refuses who proves no identity, also from its node. Pods on the host's network, and callers from outside whom kube-proxy hands on with the node's address, would be admitted where they are refused now.",
		fix: "Give these pods a network of their own; set externalTrafficPolicy to Local on the Service; or remove the policies that name callers.",
	},
	CiliumHTTPUnproven: {
		severity: "accept",
		doc: "Rules about HTTP are carried over between sidecars and Cilium's Envoy. Reference evaluators compare the decisions at every moment of the move; the order itself has not been proved on real traffic.",
		fix: "Try it on a copy of the namespace first, then accept it.",
	},
} as const satisfies Record<string, CatalogueEntry>
