import {namespaced} from "../../snapshot/kinds.ts"
import type {Custom} from "../../snapshot/shapes.ts"

const networking = "networking.istio.io"
const security = "security.istio.io"

export const VirtualService = namespaced<Custom>(
	networking,
	"v1 v1beta1 v1alpha3",
	"VirtualService",
	"virtualservices",
)
export const DestinationRule = namespaced<Custom>(
	networking,
	"v1 v1beta1 v1alpha3",
	"DestinationRule",
	"destinationrules",
)
export const ServiceEntry = namespaced<Custom>(
	networking,
	"v1 v1beta1 v1alpha3",
	"ServiceEntry",
	"serviceentries",
)
export const Sidecar = namespaced<Custom>(networking, "v1 v1beta1 v1alpha3", "Sidecar", "sidecars")
export const IstioGateway = namespaced<Custom>(networking, "v1 v1beta1 v1alpha3", "Gateway", "gateways")
export const EnvoyFilter = namespaced<Custom>(networking, "v1alpha3", "EnvoyFilter", "envoyfilters")
export const ProxyConfig = namespaced<Custom>(networking, "v1beta1", "ProxyConfig", "proxyconfigs")
export const AuthorizationPolicy = namespaced<Custom>(
	security,
	"v1 v1beta1",
	"AuthorizationPolicy",
	"authorizationpolicies",
)
export const PeerAuthentication = namespaced<Custom>(
	security,
	"v1 v1beta1",
	"PeerAuthentication",
	"peerauthentications",
)
export const RequestAuthentication = namespaced<Custom>(
	security,
	"v1 v1beta1",
	"RequestAuthentication",
	"requestauthentications",
)
export const Telemetry = namespaced<Custom>("telemetry.istio.io", "v1 v1alpha1", "Telemetry", "telemetries")
export const WasmPlugin = namespaced<Custom>("extensions.istio.io", "v1alpha1", "WasmPlugin", "wasmplugins")
export const TrafficExtension = namespaced<Custom>(
	"extensions.istio.io",
	"v1alpha1",
	"TrafficExtension",
	"trafficextensions",
)

/** Every kind of Istio's that may change what a namespace needs. */
export const istioKinds = [
	VirtualService,
	DestinationRule,
	ServiceEntry,
	Sidecar,
	IstioGateway,
	EnvoyFilter,
	ProxyConfig,
	AuthorizationPolicy,
	PeerAuthentication,
	RequestAuthentication,
	Telemetry,
	WasmPlugin,
	TrafficExtension,
] as const
