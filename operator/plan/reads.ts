import type {Dataplane} from "../../profiles/dataplane.ts"
import * as kinds from "../../profiles/snapshot/kinds.ts"
import {extensionKinds} from "../../profiles/wasm-hosts/kinds.ts"
import {runtimeKinds} from "./runtimes.ts"

const core: readonly kinds.Kind[] = [
	kinds.Namespace,
	kinds.Node,
	kinds.Pod,
	kinds.Service,
	kinds.ResourceQuota,
	kinds.Deployment,
	kinds.StatefulSet,
	kinds.DaemonSet,
	kinds.ReplicaSet,
	kinds.Job,
	kinds.CronJob,
	kinds.PodDisruptionBudget,
	kinds.HorizontalPodAutoscaler,
	kinds.NetworkPolicy,
	kinds.MutatingWebhookConfiguration,
]

/** Every kind that a plan reads, each once. What cannot be read of them blocks a plan: it may hold a policy. */
export function kindsRead(dataplanes: readonly Dataplane[]): readonly kinds.Kind[] {
	const all = [...core, ...runtimeKinds, ...extensionKinds, ...dataplanes.flatMap(({reads}) => reads)]
	return [...new Map(all.map((kind) => [kind.id, kind])).values()]
}
