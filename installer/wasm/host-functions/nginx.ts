import {functions} from "./signatures.ts"

/**
 * What wasm-nginx-module offers, in OpenResty and APISIX, for every version of the ABI alike. Some of these answer
 * that they are not implemented; a module that imports them loads.
 * Source: api7/wasm-nginx-module:src/http/ngx_http_wasm_api_def.h (2024-02)
 */
export const nginx = functions(
	"env",
	`
	proxy_set_effective_context i
	proxy_get_property iiii
	proxy_set_property iiii
	proxy_log iii
	proxy_get_buffer_bytes iiiii
	proxy_set_buffer_bytes iiiii
	proxy_send_local_response iiiiiiii
	proxy_send_http_response iiiiiiii
	proxy_get_current_time_nanoseconds i
	proxy_set_tick_period_milliseconds i
	proxy_get_configuration ii
	proxy_get_header_map_pairs iii
	proxy_set_header_map_pairs iii
	proxy_get_header_map_value iiiii
	proxy_remove_header_map_value iii
	proxy_replace_header_map_value iiiii
	proxy_add_header_map_value iiiii
	proxy_get_shared_data iiiii
	proxy_set_shared_data iiiii
	proxy_register_shared_queue iii
	proxy_resolve_shared_queue iiiii
	proxy_dequeue_shared_queue iii
	proxy_enqueue_shared_queue iii
	proxy_continue_request _
	proxy_continue_response _
	proxy_clear_route_cache _
	proxy_continue_stream i
	proxy_close_stream i
	proxy_http_call iiiiiiiiii
	proxy_grpc_call iiiiiiiiiiii
	proxy_grpc_stream iiiiiiiii
	proxy_grpc_send iiii
	proxy_grpc_cancel i
	proxy_grpc_close i
	proxy_get_status iii
	proxy_done _
	proxy_call_foreign_function iiiiii
	proxy_define_metric iiii
	proxy_increment_metric iI
	proxy_record_metric iI
	proxy_get_metric iI
	`,
)
