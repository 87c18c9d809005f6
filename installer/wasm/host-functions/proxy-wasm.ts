import {functions} from "./signatures.ts"

/**
 * What every proxy built on the C++ host offers, whatever the version of the ABI that the module has.
 * Source: proxy-wasm/proxy-wasm-cpp-host:include/proxy-wasm/exports.h, FOR_ALL_HOST_FUNCTIONS, unchanged since 2020.
 */
export const everyABI = functions(
	"env",
	`
	proxy_log iii
	proxy_get_status iii
	proxy_set_property iiii
	proxy_get_property iiii
	proxy_send_local_response iiiiiiii
	proxy_get_shared_data iiiii
	proxy_set_shared_data iiiii
	proxy_register_shared_queue iii
	proxy_resolve_shared_queue iiiii
	proxy_dequeue_shared_queue iii
	proxy_enqueue_shared_queue iii
	proxy_get_header_map_value iiiii
	proxy_add_header_map_value iiiii
	proxy_replace_header_map_value iiiii
	proxy_remove_header_map_value iii
	proxy_get_header_map_pairs iii
	proxy_set_header_map_pairs iii
	proxy_get_header_map_size ii
	proxy_get_buffer_status iii
	proxy_get_buffer_bytes iiiii
	proxy_set_buffer_bytes iiiii
	proxy_http_call iiiiiiiiii
	proxy_grpc_call iiiiiiiiiiii
	proxy_grpc_stream iiiiiiiii
	proxy_grpc_close i
	proxy_grpc_cancel i
	proxy_grpc_send iiii
	proxy_set_tick_period_milliseconds i
	proxy_get_current_time_nanoseconds i
	proxy_define_metric iiii
	proxy_increment_metric iI
	proxy_record_metric iI
	proxy_get_metric ii
	proxy_set_effective_context i
	proxy_done _
	proxy_call_foreign_function iiiiii
	`,
)

const streams = functions(
	"env",
	`
	proxy_continue_stream i
	proxy_close_stream i
	`,
)

/** What depends on the version. Source: proxy-wasm-cpp-host:src/wasm.cc, WasmBase::registerCallbacks. */
export const byABI = {
	"proxy-wasm 0.1.0": functions(
		"env",
		`
		proxy_get_configuration ii
		proxy_continue_request _
		proxy_continue_response _
		proxy_clear_route_cache _
		`,
	),
	"proxy-wasm 0.2.0": streams,
	"proxy-wasm 0.2.1": new Map([...streams, ...functions("env", "proxy_get_log_level i")]),
} as const

/** Of compilers' own runtimes. Source: proxy-wasm-cpp-host:src/wasm.cc; the second since 2022-06 (#288). */
export const emscripten = functions(
	"env",
	`
	pthread_equal ii
	emscripten_notify_memory_growth i -
	`,
)
