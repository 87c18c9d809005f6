import type {Asked, TrafficView} from "./traffic.ts"

const source = "https://istio.io/latest/docs/reference/config/metrics/"

/** Flags of Envoy on a response that no server gave, or that was cut off. */
const faults = "UF|UH|URX|NR|UC|UT|UMSDR"
/** Statuses of gRPC that are the server's or the network's fault: unknown, deadline, internal, unavailable, data loss. */
const failedCalls = "2|4|13|14|15"

const good = `response_code!~"5..",response_flags!~".*(${faults}).*",grpc_response_status!~"${failedCalls}"`

/** Requests as sidecars, gateways and waypoints count them. */
function requests(side: "server" | "client", reporter: string, namespaceLabel: string): TrafficView {
	const of = ({namespace}: Asked) => `reporter="${reporter}",${namespaceLabel}="${namespace}"`
	return {
		side,
		requests: (asked) => `sum(increase(istio_requests_total{${of(asked)}}[${asked.seconds}s]))`,
		succeeded: (asked) => `sum(increase(istio_requests_total{${of(asked)},${good}}[${asked.seconds}s]))`,
		p99Millis: (asked) =>
			`histogram_quantile(0.99, sum by (le) (rate(istio_request_duration_milliseconds_bucket{${of(asked)}}[${asked.seconds}s])))`,
		newest: (asked) => `max(timestamp(istio_requests_total{${of(asked)}}))`,
		source,
	}
}

export const istioServers = requests("server", "destination", "destination_workload_namespace")
export const istioWaypoints = requests("server", "waypoint", "destination_service_namespace")
export const istioClients = requests("client", "source", "destination_service_namespace")

const connectionsOf = ({namespace}: Asked) =>
	`reporter="destination",destination_workload_namespace="${namespace}"`

/** Connections as ztunnel counts them: all there is without a waypoint. */
export const ztunnelConnections: TrafficView = {
	side: "connections",
	requests: (asked) =>
		`sum(increase(istio_tcp_connections_opened_total{${connectionsOf(asked)}}[${asked.seconds}s])) + (sum(increase(istio_tcp_connections_failed_total{${connectionsOf(asked)}}[${asked.seconds}s])) or vector(0))`,
	succeeded: (asked) =>
		`sum(increase(istio_tcp_connections_opened_total{${connectionsOf(asked)}}[${asked.seconds}s]))`,
	newest: (asked) => `max(timestamp(istio_tcp_connections_opened_total{${connectionsOf(asked)}}))`,
	source: "ztunnel:src/proxy/metrics.rs",
}
