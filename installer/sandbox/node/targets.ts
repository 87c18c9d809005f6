import type {Item} from "../cni/watch.ts"

export type Target = {targets: string[]; labels: {namespace: string; pod: string}}

/**
 * Where sidecars with an address offer their statistics: the agent's own and Envoy's together, as Istio's configuration
 * of Prometheus has it. The redirection leaves this port out.
 */
export function sidecarTargets(pods: readonly Item[]): Target[] {
	return pods.flatMap(({metadata, status}) => {
		const injected = metadata.annotations?.["sidecar.istio.io/status"] !== undefined
		if (!injected || !status?.podIP) return []
		const labels = {namespace: metadata.namespace ?? "", pod: metadata.name}
		return [{targets: [`${status.podIP}:15020`], labels}]
	})
}
