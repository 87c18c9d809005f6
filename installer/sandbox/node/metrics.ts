import {nodeAddress} from "./settings.ts"

/**
 * Prometheus' settings. The sidecars' Envoy is a stock one, without the filter that counts `istio_requests_total`. A
 * stand-in in its place: rules that give Envoy's own counters of the inbound listeners the names and labels that
 * Istio's filter would have given them. What is counted is real; the names are translated.
 */
export const monitoringConfig = (rules: string, targets: string) => ({
	global: {scrape_interval: "2s", scrape_timeout: "2s", evaluation_interval: "2s"},
	rule_files: [rules],
	scrape_configs: [
		{
			job_name: "sidecars",
			metrics_path: "/stats/prometheus",
			file_sd_configs: [{files: [targets], refresh_interval: "5s"}],
		},
		{
			job_name: "containers",
			metrics_path: "/metrics/resource",
			scheme: "https",
			// The kubelet signs its own certificate; it listens inside of the node's network only.
			tls_config: {insecure_skip_verify: true},
			static_configs: [{targets: [`${nodeAddress}:10250`]}],
		},
	],
})

const inbound = 'http_conn_manager_prefix=~"inbound_.*"'

/** Labels of Istio's own metric that come from Envoy's. */
const renamed = (expression: string) =>
	`label_replace(label_replace(${expression}, "destination_workload_namespace", "$1", "namespace", "(.*)"), "response_code", "\${1}00", "response_code_class", "(.)xx")`

const labels = {reporter: "destination", response_flags: "-", grpc_response_status: ""}

export const monitoringRules = {
	groups: [
		{
			name: "stand-in-for-istio-stats",
			interval: "2s",
			rules: [
				{
					record: "istio_requests_total",
					expr: renamed(
						`sum by (namespace, pod, response_code_class) (envoy_http_downstream_rq{${inbound}})`,
					),
					labels,
				},
				{
					record: "istio_request_duration_milliseconds_bucket",
					expr: `label_replace(sum by (namespace, pod, le) (envoy_http_downstream_rq_time_bucket{${inbound}}), "destination_workload_namespace", "$1", "namespace", "(.*)")`,
					labels: {reporter: "destination"},
				},
			],
		},
	],
}
