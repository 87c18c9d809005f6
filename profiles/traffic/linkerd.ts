import type {Asked, TrafficView} from "./traffic.ts"

const source = "https://linkerd.io/2/reference/proxy-metrics/"

/** Responses as Linkerd's proxies classify them; a gRPC status counts there as what it means. */
function responses(side: "server" | "client", of: (asked: Asked) => string): TrafficView {
	return {
		side,
		requests: (asked) => `sum(increase(response_total{${of(asked)}}[${asked.seconds}s]))`,
		succeeded: (asked) =>
			`sum(increase(response_total{${of(asked)},classification="success"}[${asked.seconds}s]))`,
		p99Millis: (asked) =>
			`histogram_quantile(0.99, sum by (le) (rate(response_latency_ms_bucket{${of(asked)}}[${asked.seconds}s])))`,
		newest: (asked) => `max(timestamp(response_total{${of(asked)}}))`,
		source,
	}
}

export const linkerdServers = responses(
	"server",
	({namespace}) => `direction="inbound",namespace="${namespace}"`,
)
export const linkerdClients = responses(
	"client",
	({namespace}) => `direction="outbound",dst_namespace="${namespace}"`,
)
