import type {CatalogueEntry} from "./catalogue.ts"

export const linkerdReasons = {
	LinkerdInjectorFailsOpen: {
		severity: "accept",
		doc: "Linkerd's injection webhook has the failurePolicy Ignore, the default of its chart: while the injector does not answer, pods start without a proxy and without an error, and no policy of Linkerd holds for them. Heddle proves each pod that it moves; pods that are made later it does not hold back.",
		fix: "Install Linkerd with webhookFailurePolicy: Fail, as its values for high availability do, or accept it.",
	},
	LinkerdNotHighlyAvailable: {
		severity: "info",
		doc: "Parts of Linkerd's control plane run with a single replica. While one restarts, new pods get no proxy or no certificate.",
		fix: "Install Linkerd with its values for high availability.",
	},
	LinkerdCNIUnready: {
		severity: "block",
		doc: "The DaemonSet linkerd-cni is there and not ready on every node. Meshed pods on such a node do not start, since nothing redirects their traffic.",
		fix: "Bring linkerd-cni up on every node first.",
	},
	LinkerdExcludesNamespace: {
		severity: "block",
		doc: "Linkerd's injection webhook does not look at this namespace or at these pods: its selectors leave them out. They would start without a proxy and without an error.",
		fix: "Remove the label that leaves them out, such as config.linkerd.io/admission-webhooks: disabled.",
	},
	LinkerdInjectInvalid: {
		severity: "block",
		doc: "The annotation linkerd.io/inject of the namespace has a value that Linkerd does not know. It then injects into no pod there, whatever the pod's own annotation says.",
		fix: "Set it to enabled, or remove it.",
	},
	BothInjectorsAsked: {
		severity: "info",
		doc: "A workload asks for Istio's sidecar and for Linkerd's proxy. Istio's webhook is called first, and Linkerd then leaves the pod out without an error. The patch that enrols opts out of the other.",
		fix: "Nothing to do; for workloads that Heddle does not patch, remove the other mesh's label.",
	},
	LinkerdRouteIgnored: {
		severity: "block",
		doc: "Linkerd's policy controller ignores a route as a whole when one of its rules has a filter or a field that it does not know: RequestMirror, URLRewrite, ExtensionRef, and everything newer than Gateway API 1.2.1. All of its weights and matches would be gone.",
		fix: "Take the filter or the field out of the route, or keep the namespace where the route is read.",
	},
	LinkerdBackendFails: {
		severity: "block",
		doc: "A backend of a route has a filter that Linkerd does not support. Requests that go to this backend would fail.",
		fix: "Take the filter out of the backendRef.",
	},
	LinkerdRouteFieldUnused: {
		severity: "block",
		doc: "Linkerd takes the route and does not use this field: it retries by annotations only, and knows no session affinity.",
		fix: "Set retry.linkerd.io/http or retry.linkerd.io/limit on the route instead of retry; sessionPersistence has no equivalent.",
	},
	ServiceProfileOverridesRoute: {
		severity: "accept",
		doc: "A Service has a ServiceProfile and a route or annotations. Linkerd then goes by the ServiceProfile alone.",
		fix: "Move what the ServiceProfile says into the route, and remove it.",
	},
	RouteReadByEveryMesh: {
		severity: "info",
		doc: "A route with a Service as its parent has no controller of its own: every mesh in the cluster reads it. While some callers are in one mesh and some in another, both route by it, Linkerd at the caller; where a waypoint acts as well, weights and retries multiply.",
		fix: "Keep the route such that applying it twice does no harm while the namespace moves.",
	},
	LinkerdServerClosesPort: {
		severity: "block",
		doc: "A Server selects pods of the namespace and no authorization names it. Its default is to refuse everyone: the port closes as soon as the pods have Linkerd's proxy.",
		fix: "Set accessPolicy: audit on the Server, or write an AuthorizationPolicy for it, before the first pod moves.",
	},
	LinkerdRefusesUnmeshed: {
		severity: "accept",
		doc: "A policy of Linkerd admits callers by Linkerd's mTLS. Callers that are on another dataplane or on none would be refused, this namespace's own pods that have not moved yet among them. Without metrics nobody knows who calls.",
		fix: "Set accessPolicy: audit, or the inbound policy all-unauthenticated, until the callers have moved; or accept it if nobody outside of Linkerd calls.",
	},
	LinkerdAdmitsPlaintext: {
		severity: "block",
		doc: "The profile asks for strict mTLS. Linkerd demands it by an inbound policy, which stands in annotations of the namespace and of pods, and in Servers; Heddle writes none of them. As they stand plaintext would be admitted.",
		fix: "Set config.linkerd.io/default-inbound-policy: all-authenticated on the namespace and remove what says otherwise, or leave spec.mtls out.",
	},
	NetworkPolicyBlocksLinkerd: {
		severity: "block",
		doc: "A NetworkPolicy admits ports of the application, but not TCP 4143. Since 2.18 Linkerd's proxies reach each other on that port whatever the port of the application is (linkerd2#15246). Whoever is admitted there reaches every port behind the proxy: limits between ports have to be said by Linkerd's policies.",
		fix: "Install Linkerd with proxy.outboundTransportMode: transparent. Or set config.linkerd.io/default-inbound-policy: deny, open each admitted port by a Server, and only then admit TCP 4143 to the very peers of the rule, never to everyone.",
	},
	NetworkPolicyOpensLinkerd: {
		severity: "block",
		doc: "A NetworkPolicy admits TCP 4143 to peers that it admits to some ports of the pods only, or to none. Behind a proxy of Linkerd every port of a pod is reached by 4143: what is denied to these peers now would be admitted.",
		fix: "Set config.linkerd.io/default-inbound-policy: deny on the namespace and open each admitted port by a Server and its authorizations; or take TCP 4143 out and install Linkerd with proxy.outboundTransportMode: transparent.",
	},
	LinkerdServerOnSkippedPort: {
		severity: "block",
		doc: "A Server refuses callers on a port that config.linkerd.io/skip-inbound-ports leads past the proxy, or on 4567 or 4568, which Linkerd skips where no annotation says otherwise. Nobody enforces it there, and its traffic has no mTLS: everyone reaches the port.",
		fix: "Take the port out of skip-inbound-ports (an opaque port keeps mTLS and the Server), or remove the Server.",
	},
	LinkerdPolicyOnSkippedPort: {
		severity: "block",
		doc: "Policies of Istio's hold for the pods now, or the profile asks for strict mTLS, and config.linkerd.io/skip-inbound-ports leads ports past Linkerd's proxy, or containers listen on 4567 or 4568, which Linkerd skips where no annotation says otherwise. Whatever is carried over to Linkerd, nobody enforces it on these ports: everyone reaches them, in plaintext.",
		fix: "Set config.linkerd.io/skip-inbound-ports to the empty text on the workload; an opaque port keeps mTLS and the policies.",
	},
	AppProtocolOpaqueInLinkerd: {
		severity: "accept",
		doc: "Since 2.18 Linkerd takes a port as opaque bytes when its appProtocol is none of http, kubernetes.io/h2c, linkerd.io/opaque and linkerd.io/tcp. Requests on such a port are neither routed, retried nor counted.",
		fix: "Set appProtocol to http or kubernetes.io/h2c where the port speaks HTTP, or accept it.",
	},
	IstioRoutingNotRead: {
		severity: "block",
		doc: "A VirtualService or DestinationRule of the namespace is read by Istio alone. On another dataplane nobody applies it, also where that dataplane can do the same by an object of its own.",
		fix: "Write the same in the target's own words, such as an HTTPRoute, then remove it.",
	},
	IstioSettingNotRead: {
		severity: "accept",
		doc: "A Telemetry, a ServiceEntry or annotations traffic.sidecar.istio.io are read by Istio alone: tracing, logs, names of hosts outside and ports that pass by the proxy are gone on another dataplane.",
		fix: "Say the same in the target's own words, or accept that it is gone.",
	},
	LinkerdPolicyStopsBeingEnforced: {
		severity: "block",
		doc: "A policy of Linkerd holds for the namespace: a Server, an authorization, a limit, or an inbound policy by annotation. On another dataplane nobody enforces it: what it refused would pass.",
		fix: "Write it in the target's own policies, then remove it.",
	},
	IdentityNotShared: {
		severity: "accept",
		doc: "Policies admit callers by their identity in the mesh. Linkerd and Istio trust no certificate of each other's: a caller in the one is nobody to a pod in the other. While some workloads have moved and some have not, calls between them are refused where a policy names callers, whichever moves first; callers of other namespaces are refused until they are in the same mesh. Nobody is let in who was not.",
		fix: "Put the workloads into one wave (spec.migration.waves.maxConcurrentWorkloads), move namespaces that call each other one right after the other, admit the callers by network for the time of the move, or accept it.",
	},
	LinkerdAdmitsProbes: {
		severity: "accept",
		doc: "Linkerd lets the kubelet's HTTP probes through by their path and for every caller, whatever a Server refuses. Istio leads them past its policies as well, through an agent on a port of its own that everyone may ask; of the answer that agent tells the status alone, while Linkerd hands on all of it.",
		fix: "Have probes ask for a path that tells nothing, limit Linkerd's proxy.probeNetworks or policyController.probeNetworks to the nodes' addresses, or accept it.",
	},
	LinkerdRefusesGRPCProbes: {
		severity: "block",
		doc: "Policies of the namespace close the pods, and Linkerd lets the kubelet's probes through where they are HTTP alone. New pods with probes of gRPC would never be ready.",
		fix: "Probe by HTTP, by TCP or by a command instead.",
	},
	LinkerdRoutingNotRead: {
		severity: "block",
		doc: "Linkerd alone reads its own HTTPRoute, ServiceProfiles, and the annotations retry.linkerd.io, timeout.linkerd.io and balancer.linkerd.io. On another dataplane nobody retries, gives up or routes by them.",
		fix: "Write the same in routes that the target reads, then remove it.",
	},
	LinkerdSettingNotRead: {
		severity: "accept",
		doc: "Annotations tell Linkerd which ports to carry as opaque bytes, which to leave out, or what to log. Another dataplane does not read them.",
		fix: "Say the same in the target's own words, such as appProtocol: tcp for opaque ports, or accept that it is gone.",
	},
	LinkerdProxyInTemplate: {
		severity: "block",
		doc: "The pod template itself contains Linkerd's proxy, as linkerd inject writes it. An annotation does not take it out: on another dataplane new pods would be captured twice.",
		fix: "Run linkerd uninject on the manifest, so that the injector alone adds the proxy.",
	},
} as const satisfies Record<string, CatalogueEntry>
