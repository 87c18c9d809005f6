import {functions} from "./signatures.ts"

/**
 * MOSN follows an early draft: it answers `proxy_send_http_response` where SDKs import `proxy_send_local_response`.
 * Source: mosn/proxy-wasm-go-host:internal/imports/v1 (2023-06)
 */
export const mosn010 = functions(
	"env",
	`
	proxy_log iii
	proxy_set_effective_context i
	proxy_get_property iiii
	proxy_set_property iiii
	proxy_get_buffer_bytes iiiii
	proxy_set_buffer_bytes iiiii
	proxy_get_header_map_pairs iii
	proxy_set_header_map_pairs iii
	proxy_get_header_map_value iiiii
	proxy_replace_header_map_value iiiii
	proxy_add_header_map_value iiiii
	proxy_remove_header_map_value iii
	proxy_set_tick_period_milliseconds i
	proxy_get_current_time_nanoseconds i
	proxy_resume_downstream _
	proxy_resume_upstream _
	proxy_open_grpc_stream iiiiiii
	proxy_send_grpc_call_message iiii
	proxy_cancel_grpc_call i
	proxy_close_grpc_call i
	proxy_grpc_call iiiiiiiiii
	proxy_dispatch_grpc_call iiiiiiiiii
	proxy_resume_http_request _
	proxy_resume_http_response _
	proxy_send_http_response iiiiiiii
	proxy_http_call iiiiiiiiii
	proxy_dispatch_http_call iiiiiiiiii
	proxy_define_metric iiii
	proxy_remove_metric i
	proxy_increment_metric iI
	proxy_record_metric iI
	proxy_get_metric ii
	proxy_register_shared_queue iii
	proxy_remove_shared_queue i
	proxy_resolve_shared_queue iii
	proxy_dequeue_shared_queue iii
	proxy_enqueue_shared_queue iii
	proxy_get_shared_data iiiii
	proxy_set_shared_data iiiii
	proxy_done _
	proxy_call_foreign_function iiiiii
	`,
)

/**
 * What it offers to modules of 0.2.0.
 * Source: mosn/proxy-wasm-go-host:internal/imports/v2 (2023-06)
 */
export const mosn020 = functions(
	"env",
	`
	proxy_log iii
	proxy_set_effective_context i
	proxy_context_finalize _
	proxy_resume_stream i
	proxy_close_stream i
	proxy_send_http_response iiiiiiii
	proxy_resume_http_stream i
	proxy_close_http_stream i
	proxy_get_buffer_bytes iiiii
	proxy_get_buffer iiiii
	proxy_set_buffer iiiii
	proxy_get_header_map_pairs iii
	proxy_get_header_map_value iiiii
	proxy_replace_header_map_value iiiii
	proxy_open_shared_kvstore iiii
	proxy_get_shared_kvstore_key_values iiiiii
	proxy_set_shared_kvstore_key_values iiiiii
	proxy_add_shared_kvstore_key_values iiiiii
	proxy_remove_shared_kvstore_key iiii
	proxy_delete_shared_kvstore i
	proxy_open_shared_queue iiii
	proxy_dequeue_shared_queue_item iii
	proxy_enqueue_shared_queue_item iii
	proxy_delete_shared_queue i
	proxy_create_timer iii
	proxy_delete_timer i
	proxy_create_metric iiii
	proxy_get_metric_value ii
	proxy_set_metric_value iI
	proxy_increment_metric_value iI
	proxy_delete_metric i
	proxy_http_call iiiiiiiiii
	proxy_dispatch_http_call iiiiiiiiii
	proxy_dispatch_grpc_call iiiiiiiiiiii
	proxy_open_grpc_stream iiiiiiiii
	proxy_send_grpc_stream_message iii
	proxy_cancel_grpc_call i
	proxy_close_grpc_call i
	proxy_call_custom_function iiiii
	`,
)
