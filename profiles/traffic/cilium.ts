import type {Asked, TrafficView} from "./traffic.ts"

/**
 * Requests as Hubble sees them: only where Cilium reads HTTP, and only when its metrics are exported with the label
 * `destination_namespace` (`labelsContext`). Without them there is no sample, which holds a gate.
 */
function requests(side: "server" | "client"): TrafficView {
	const of = ({namespace}: Asked) => `reporter="${side}",destination_namespace="${namespace}"`
	return {
		side,
		requests: (asked) => `sum(increase(hubble_http_requests_total{${of(asked)}}[${asked.seconds}s]))`,
		succeeded: (asked) =>
			`sum(increase(hubble_http_requests_total{${of(asked)},status!~"5.."}[${asked.seconds}s]))`,
		p99Millis: (asked) =>
			`1000 * histogram_quantile(0.99, sum by (le) (rate(hubble_http_request_duration_seconds_bucket{${of(asked)}}[${asked.seconds}s])))`,
		newest: (asked) => `max(timestamp(hubble_http_requests_total{${of(asked)}}))`,
		source: "cilium:Documentation/observability/metrics.rst",
	}
}

export const hubbleServers = requests("server")
export const hubbleClients = requests("client")
