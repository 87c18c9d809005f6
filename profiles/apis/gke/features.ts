import type {KubeObject} from "../../snapshot/object.ts"
import type {Snapshot} from "../../snapshot/snapshot.ts"
import {anetd} from "../cilium/agent.ts"
import {reader, type Uses, usesOf} from "../use.ts"
import {FQDNNetworkPolicy} from "./kinds.ts"

const readFQDN = reader((spec) => spec.at("egress").items().length)

/** The FQDNNetworkPolicies of a namespace; only Dataplane V2 enforces them. */
export function fqdnPoliciesIn(snapshot: Snapshot, namespace: string): readonly KubeObject[] {
	return anetd(snapshot) === undefined ? [] : snapshot.list(FQDNNetworkPolicy, namespace)
}

/** What a namespace makes use of by GKE's own objects. Its network carries it under any mesh. */
export function features(snapshot: Snapshot, namespace: string): Uses {
	return usesOf(fqdnPoliciesIn(snapshot, namespace), readFQDN, () => [{name: "EgressByFQDN", carrier: "cni"}])
}
