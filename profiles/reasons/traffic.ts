import type {CatalogueEntry} from "./catalogue.ts"

export const trafficReasons = {
	SubsetsUnsupported: {
		severity: "block",
		doc: "Subsets of a DestinationRule are not supported at a waypoint: a route to a subset would go to all pods or to none.",
		fix: "Make one Service per version and send the route there.",
	},
	DestinationRuleForcesIstioMutual: {
		severity: "block",
		doc: "A DestinationRule with the TLS mode ISTIO_MUTUAL overrides automatic mTLS: sidecars would speak Istio's old mTLS to pods that only know HBONE, or none at all, and their calls would fail.",
		fix: "Remove tls.mode from the DestinationRule: automatic mTLS does the same where it is possible.",
	},
	VirtualServiceMixedWithHTTPRoute: {
		severity: "block",
		doc: "A host has a VirtualService and a route of the Gateway API. At a waypoint they cannot be mixed.",
		fix: "Keep one of the two, the HTTPRoute where it can say the same.",
	},
	VirtualServiceIsAlphaAtWaypoint: {
		severity: "accept",
		doc: "VirtualServices at a waypoint are alpha.",
		fix: "Write an HTTPRoute instead, or accept the risk.",
	},
	ClientSideRuleUnsupported: {
		severity: "block",
		doc: "The namespace has a rule of its own about a service of another one. Sidecars apply it at the client; in ambient only the destination's waypoint routes, and it reads the rules of its own namespace.",
		fix: "Move the rule to the namespace of the service, with its owner.",
	},
	NetworkPolicyBlocksHBONE: {
		severity: "block",
		doc: "A NetworkPolicy admits ports of the application, but not TCP 15008, by which enrolled pods reach each other, or not 169.254.7.127, from which the kubelet's probes come in ambient. Where no waypoint is needed the plan puts a policy of Heddle's beside it, with one of Istio's that keeps who comes by 15008 to the ports that were admitted. By 15008 every port of a pod can be reached: admitting it by hand opens them all.",
		fix: "Where the plan does not do it: deny by an AuthorizationPolicy every port but those that are admitted (action DENY, notPorts), and only then admit TCP 15008 to the very peers of the rule, never to everyone. Admit 169.254.7.127/32 for the probes.",
	},
	NetworkPolicyOpensHBONE: {
		severity: "block",
		doc: "A NetworkPolicy admits TCP 15008 to peers that it admits to some ports of the pods only, or to none. In ambient every port of a pod is reached by 15008: what is denied to these peers now would be admitted.",
		fix: "Take TCP 15008 out of the NetworkPolicy: where no waypoint is needed the plan puts a policy of Heddle's beside it that keeps callers to their ports. Or deny by an AuthorizationPolicy every port but those that are admitted (action DENY, notPorts), and admit TCP 15008 only to peers of a rule about these ports.",
	},
	NetworkPolicyRefusesWaypoint: {
		severity: "block",
		doc: "A NetworkPolicy admits callers to pods that are about to be behind a waypoint. The network then sees the waypoint alone, which is not admitted: every call would be dropped. Once it is admitted, the policy no longer tells its callers apart.",
		fix: "Say by AuthorizationPolicies at the waypoint which callers are admitted, by their identities. Only then admit TCP 15008 to the waypoint's pods, by their label gateway.networking.k8s.io/gateway-name, and limit by a NetworkPolicy who reaches the waypoint.",
	},
	NetworkPolicyOfPeersBlocksTunnel: {
		severity: "accept",
		doc: "NetworkPolicies of other namespaces name ports of applications, and not the port by which pods of the mesh reach each other. Their pods are in the mesh already; as soon as this namespace is, calls between them would be dropped. Without metrics nobody tells whether there are such calls.",
		fix: "Let the owners of these policies admit the mesh's port to the very peers, with rules of the mesh that keep them to the ports that were admitted; or accept it if nobody calls.",
	},
	NetworkPolicyCutsOffControlPlane: {
		severity: "block",
		doc: "NetworkPolicies limit what the pods may call, and the control plane of the mesh is not among it. A proxy in such a pod gets no configuration and no certificate: no new pod would become ready.",
		fix: "Admit egress to the namespace of the control plane, on the ports that the message names.",
	},
	SidecarExclusionBypassesPolicy: {
		severity: "block",
		doc: "Annotations on a pod template lead ports past a sidecar. The pods are in a dataplane that does not look at them and enforces policies on every port, or the profile asks for strict mTLS; in a sidecar nobody would enforce either on these ports.",
		fix: "Take the annotations off the template, or the policies away.",
	},
	TLSOriginationLost: {
		severity: "block",
		doc: "A DestinationRule with the TLS mode SIMPLE or MUTUAL makes sidecars speak TLS to a host in the application's stead. Where nobody does that any more, calls leave in plaintext or are refused.",
		fix: "Let the application speak TLS itself, or in ambient put a waypoint before the host, then remove the rule.",
	},
	SidecarExclusionIgnored: {
		severity: "accept",
		doc: "Annotations traffic.sidecar.istio.io lead ports or addresses past the sidecar. Ambient does not read them: that traffic goes through ztunnel, and where mTLS is strict whoever calls such a port in plaintext is refused.",
		fix: "Take the annotations away, and open such ports by portLevelMtls where plaintext callers remain; or accept it.",
	},
	HeadlessPlaintext: {
		severity: "accept",
		doc: "Callers with sidecars reach pods of a headless Service that are in ambient in plaintext (istio#54921).",
		fix: "Move the callers first, or accept plaintext on these hops for as long as they have sidecars.",
	},
	UDPNotCaptured: {
		severity: "info",
		doc: "A Service or a workload serves UDP. It bypasses the dataplane before and after.",
		fix: "Nothing to do.",
	},
	HostNetworkNotCaptured: {
		severity: "info",
		doc: "Pods on the host's network are captured by no dataplane.",
		fix: "Nothing to do; what they need of the mesh they do not get on any dataplane.",
	},
	NodeWithoutAmbientAgent: {
		severity: "block",
		doc: "Pods of the namespace run on a node without a ready ztunnel or istio-cni. Their successors there would be cut off.",
		fix: "Bring ztunnel and istio-cni up on that node first.",
	},
	JobsHangWithoutNativeSidecars: {
		severity: "accept",
		doc: "A Job does not end while a sidecar that is a plain container still runs.",
		fix: 'Upgrade all kubelets to 1.33 or newer, or leave the Job out with the label sidecar.istio.io/inject: "false".',
	},
	InitContainersWithoutNetwork: {
		severity: "accept",
		doc: "Init containers run before a sidecar that is a plain container: with the traffic already redirected they have no network.",
		fix: "Upgrade all kubelets to 1.33 or newer, or accept it if they need no network.",
	},
	ServerFirstProtocol: {
		severity: "accept",
		doc: "A port of a protocol in which the server speaks first does not say so. Sidecars wait for the client's first bytes, and the connection stalls.",
		fix: "Set appProtocol: tcp on the port, or let its name start with tcp.",
	},
	PodSecurityForbidsInit: {
		severity: "block",
		doc: "Pod Security forbids NET_ADMIN in this namespace, which istio-init needs: no pod with a sidecar could be created.",
		fix: "Install istio-cni, which sets the redirection up on the node.",
	},
	InjectionLabelConflict: {
		severity: "block",
		doc: "A label of the namespace overrides what the pod template asks for, so the wrong revision or none would inject.",
		fix: "Remove the label from the namespace first; pods that run keep their sidecars.",
	},
	UnsafePair: {
		severity: "block",
		doc: "After the move two dataplanes would have to speak with each other that cannot: the hop fails, or is open where it must not be. Without metrics every other namespace counts as a possible caller and callee.",
		fix: "Move the namespaces that the message names first, set the server to PERMISSIVE for the time, or restart the sidecars so that they speak HBONE.",
	},
	SidecarsNotHBONEReady: {
		severity: "accept",
		doc: "Some sidecars do not speak HBONE: they lack the label networking.istio.io/tunnel. Between them and ambient pods traffic is plaintext until they are restarted.",
		fix: "Restart these workloads under an istiod that has ambient on, or accept plaintext on these hops.",
	},
	NetworkPolicyOpened: {
		severity: "accept",
		doc: "Beside a NetworkPolicy the plan puts one of Heddle's that admits TCP 15008 to the same peers, and a policy of Istio's by which ztunnel denies them every port that was not admitted. Reference evaluators of both have compared the decisions; no network that enforces NetworkPolicies has been tried with it. On a network that enforces none, ztunnel is the first to enforce these ports.",
		fix: "Try it on a copy of the namespace first, then accept it.",
	},
	PlaintextHop: {
		severity: "accept",
		doc: "Between these two dataplanes there is no common mTLS: hops are plaintext, and rules by identity do not hold for them.",
		fix: "Move the namespaces together, or encrypt underneath (WireGuard, IPsec) and accept it.",
	},
	StrictRejectsPlaintextCallers: {
		severity: "accept",
		doc: "mTLS is strict for the namespace, which its pods did not enforce so far, and there are namespaces outside of every mesh, or Services that are open to callers from outside of the cluster. Should they call it, they would be refused. Without metrics nobody can tell.",
		fix: "Set the namespace to PERMISSIVE until its callers are in the mesh, or accept it if none of them calls.",
	},
	StrictServersRejectPlaintext: {
		severity: "accept",
		doc: "Other namespaces demand mTLS. Without a mesh calls of this one to them would be refused. Without metrics nobody can tell whether it calls them.",
		fix: "Set these servers to PERMISSIVE first, or accept it if none of them is called.",
	},
} as const satisfies Record<string, CatalogueEntry>
