import {namespaced} from "../../snapshot/kinds.ts"
import type {Custom} from "../../snapshot/shapes.ts"

export const FQDNNetworkPolicy = namespaced<Custom>(
	"networking.gke.io",
	"v1 v1alpha1",
	"FQDNNetworkPolicy",
	"fqdnnetworkpolicies",
)

/** GKE's own kinds that say what its network does for a namespace. */
export const gkeKinds = [FQDNNetworkPolicy] as const
