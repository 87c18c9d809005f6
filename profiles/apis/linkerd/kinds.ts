import {namespaced} from "../../snapshot/kinds.ts"
import type {Custom} from "../../snapshot/shapes.ts"

const policy = "policy.linkerd.io"

// Groups, versions and scopes as in linkerd2:charts/linkerd-crds/templates.
export const Server = namespaced<Custom>(policy, "v1beta3 v1beta2 v1beta1", "Server", "servers")
export const ServerAuthorization = namespaced<Custom>(
	policy,
	"v1beta1 v1alpha1",
	"ServerAuthorization",
	"serverauthorizations",
)
/** Has the name of Istio's kind, in a group of its own. */
export const AuthorizationPolicy = namespaced<Custom>(
	policy,
	"v1alpha1",
	"AuthorizationPolicy",
	"authorizationpolicies",
)
export const MeshTLSAuthentication = namespaced<Custom>(
	policy,
	"v1alpha1",
	"MeshTLSAuthentication",
	"meshtlsauthentications",
)
export const NetworkAuthentication = namespaced<Custom>(
	policy,
	"v1alpha1",
	"NetworkAuthentication",
	"networkauthentications",
)
/** The predecessor of the Gateway API's HTTPRoute. */
export const HTTPRoute = namespaced<Custom>(
	policy,
	"v1beta3 v1beta2 v1beta1 v1alpha1",
	"HTTPRoute",
	"httproutes",
)
export const HTTPLocalRateLimitPolicy = namespaced<Custom>(
	policy,
	"v1alpha1",
	"HTTPLocalRateLimitPolicy",
	"httplocalratelimitpolicies",
)
export const EgressNetwork = namespaced<Custom>(policy, "v1alpha1", "EgressNetwork", "egressnetworks")
export const ServiceProfile = namespaced<Custom>(
	"linkerd.io",
	"v1alpha2 v1alpha1",
	"ServiceProfile",
	"serviceprofiles",
)

/** Every kind of Linkerd's that may change what a namespace needs. */
export const linkerdKinds = [
	Server,
	ServerAuthorization,
	AuthorizationPolicy,
	MeshTLSAuthentication,
	NetworkAuthentication,
	HTTPRoute,
	HTTPLocalRateLimitPolicy,
	EgressNetwork,
	ServiceProfile,
] as const
