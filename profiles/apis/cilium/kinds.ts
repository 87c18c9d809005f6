import {ConfigMap, clusterScoped, namespaced, single} from "../../snapshot/kinds.ts"
import type {Custom} from "../../snapshot/shapes.ts"

const group = "cilium.io"

export const CiliumNetworkPolicy = namespaced<Custom>(
	group,
	"v2",
	"CiliumNetworkPolicy",
	"ciliumnetworkpolicies",
)
export const CiliumClusterwideNetworkPolicy = clusterScoped<Custom>(
	group,
	"v2",
	"CiliumClusterwideNetworkPolicy",
	"ciliumclusterwidenetworkpolicies",
)
export const CiliumEnvoyConfig = namespaced<Custom>(group, "v2", "CiliumEnvoyConfig", "ciliumenvoyconfigs")
export const CiliumClusterwideEnvoyConfig = clusterScoped<Custom>(
	group,
	"v2",
	"CiliumClusterwideEnvoyConfig",
	"ciliumclusterwideenvoyconfigs",
)
export const CiliumLocalRedirectPolicy = namespaced<Custom>(
	group,
	"v2",
	"CiliumLocalRedirectPolicy",
	"ciliumlocalredirectpolicies",
)
/** What the agent knows of one pod, under the pod's own name. */
export const CiliumEndpoint = namespaced<Custom>(group, "v2", "CiliumEndpoint", "ciliumendpoints")
/** The agent's flags. No other ConfigMap of the cluster is read. */
export const CiliumConfig = single(ConfigMap, "kube-system", "cilium-config")

/** Every kind that says what Cilium does for a namespace. */
export const ciliumKinds = [
	CiliumNetworkPolicy,
	CiliumClusterwideNetworkPolicy,
	CiliumEnvoyConfig,
	CiliumClusterwideEnvoyConfig,
	CiliumLocalRedirectPolicy,
	CiliumEndpoint,
	CiliumConfig,
] as const
