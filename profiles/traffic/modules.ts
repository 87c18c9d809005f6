/** Pods of one namespace over the last `seconds`; `before` shifts the window into the past by as many. */
export type AskedPods = {
	readonly namespace: string
	readonly pods: readonly string[]
	readonly seconds: number
	readonly before?: number
}

const among = ({namespace, pods}: AskedPods): string => `namespace="${namespace}",pod=~"${pods.join("|")}"`
const shift = ({before = 0}: AskedPods): string => (before === 0 ? "" : ` offset ${before}s`)

const server = (asked: AskedPods, more = ""): string =>
	`sum(increase(istio_requests_total{reporter="destination",${among(asked)}${more}}[${asked.seconds}s]${shift(asked)}))`

/**
 * Requests that pods answered, pod by pod: whoever scrapes them has to keep the labels `namespace` and `pod`, as
 * Istio's own configuration does. A request that a module refuses counts as refused, whatever the reason.
 * Source: https://istio.io/latest/docs/reference/config/metrics/
 */
export const podRequests = {
	requests: (asked: AskedPods) => server(asked),
	failed: (asked: AskedPods) => server(asked, ',response_code=~"5.."'),
	refused: (asked: AskedPods) => server(asked, ',response_code=~"4.."'),
	p99Millis: (asked: AskedPods) =>
		`histogram_quantile(0.99, sum by (le) (rate(istio_request_duration_milliseconds_bucket{reporter="destination",${among(asked)}}[${asked.seconds}s]${shift(asked)})))`,
}

const conversions = "istio_agent_wasm_config_conversion_count"
/** What a counter has gained: one that was not there before begins at nothing, which `increase` would not tell. */
const gained = (series: string, seconds: number): string =>
	`(sum by (pod) (${series}) - (sum by (pod) (${series} offset ${seconds}s) or 0 * sum by (pod) (${series})))`

/**
 * What the agents and proxies of pods tell of their modules. An agent counts each configuration of a module that it was
 * given, by what became of it; no label tells of which module.
 * Source: istio:pkg/wasm/monitoring.go; envoyproxy/envoy:docs, configuration/http/http_filters/wasm_filter (statistics)
 */
export const podModules = {
	/** Pods whose agent has had a module since. */
	loaded: (asked: AskedPods) =>
		`count(${gained(`${conversions}{${among(asked)},result="success"}`, asked.seconds)} > 0)`,
	/** Modules that an agent could not have since: no such image, another digest, no network. */
	failures: (asked: AskedPods) =>
		`sum(${gained(`${conversions}{${among(asked)},result!~"success|no_remote_load"}`, asked.seconds)})`,
	/** The fewest virtual machines that a proxy of these pods runs. */
	active: (asked: AskedPods) =>
		`min(sum by (pod) (envoy_wasm_envoy_wasm_runtime_v8_active{${among(asked)}}))`,
	/** The most memory that a proxy takes, in bytes, where the kubelets are scraped. */
	memoryBytes: (asked: AskedPods) =>
		`max(container_memory_working_set_bytes{${among(asked)},container="istio-proxy"})`,
	/** Pods that were scraped, by the newest sample that is no older than this. */
	seen: (asked: AskedPods) => `count(count by (pod) (envoy_server_uptime{${among(asked)}}))`,
}
