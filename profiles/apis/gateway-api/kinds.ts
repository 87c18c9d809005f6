import {clusterScoped, namespaced} from "../../snapshot/kinds.ts"
import type {Custom, Gateway as GatewayShape} from "../../snapshot/shapes.ts"

const group = "gateway.networking.k8s.io"

export const GatewayClass = clusterScoped<Custom>(group, "v1 v1beta1", "GatewayClass", "gatewayclasses")
export const Gateway = namespaced<GatewayShape>(group, "v1 v1beta1", "Gateway", "gateways")
export const HTTPRoute = namespaced<Custom>(group, "v1 v1beta1", "HTTPRoute", "httproutes")
export const GRPCRoute = namespaced<Custom>(group, "v1 v1alpha2", "GRPCRoute", "grpcroutes")
export const TCPRoute = namespaced<Custom>(group, "v1 v1alpha2", "TCPRoute", "tcproutes")
export const TLSRoute = namespaced<Custom>(group, "v1 v1alpha3 v1alpha2", "TLSRoute", "tlsroutes")
export const BackendTLSPolicy = namespaced<Custom>(
	group,
	"v1 v1alpha3",
	"BackendTLSPolicy",
	"backendtlspolicies",
)

/** Every kind of the Gateway API that may change what a namespace needs. */
export const gatewayApiKinds = [
	GatewayClass,
	Gateway,
	HTTPRoute,
	GRPCRoute,
	TCPRoute,
	TLSRoute,
	BackendTLSPolicy,
] as const
