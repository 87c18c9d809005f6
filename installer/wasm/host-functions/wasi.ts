import {type Functions, functions, together} from "./signatures.ts"

/** Modules written for either name get the same functions from the C++ host (proxy-wasm-cpp-host:src/wasm.cc). */
const underBothNames = (lines: string): Functions =>
	together(functions("wasi_snapshot_preview1", lines), functions("wasi_unstable", lines))

/** Since 2021-11 (proxy-wasm-cpp-host#201), which is Envoy 1.21. */
export const wasiSince2021 = underBothNames(`
	fd_write iiii
	fd_read iiii
	fd_seek iIii
	fd_close i
	fd_fdstat_get ii
	environ_get ii
	environ_sizes_get ii
	args_get ii
	args_sizes_get ii
	clock_time_get iIi
	random_get ii
	proc_exit i -
	path_open iiiiiIIii
	fd_prestat_get ii
	fd_prestat_dir_name iii
`)

/** Since 2024-12 (proxy-wasm-cpp-host#427), which is Envoy 1.33: what modules of Go 1.24 need. */
export const wasiOfGo124 = underBothNames(`
	fd_fdstat_set_flags ii
	sched_yield _
	poll_oneoff iiii
`)

/**
 * All of WASI preview 1, as Wasmtime and WasmEdge offer it.
 * Source: WebAssembly/WASI:legacy/preview1/witx/wasi_snapshot_preview1.witx
 */
export const wasiPreview1 = functions(
	"wasi_snapshot_preview1",
	`
	args_get ii
	args_sizes_get ii
	environ_get ii
	environ_sizes_get ii
	clock_res_get ii
	clock_time_get iIi
	fd_advise iIIi
	fd_allocate iII
	fd_close i
	fd_datasync i
	fd_fdstat_get ii
	fd_fdstat_set_flags ii
	fd_fdstat_set_rights iII
	fd_filestat_get ii
	fd_filestat_set_size iI
	fd_filestat_set_times iIIi
	fd_pread iiiIi
	fd_prestat_get ii
	fd_prestat_dir_name iii
	fd_pwrite iiiIi
	fd_read iiii
	fd_readdir iiiIi
	fd_renumber ii
	fd_seek iIii
	fd_sync i
	fd_tell ii
	fd_write iiii
	path_create_directory iii
	path_filestat_get iiiii
	path_filestat_set_times iiiiIIi
	path_link iiiiiii
	path_open iiiiiIIii
	path_readlink iiiiii
	path_remove_directory iii
	path_rename iiiiii
	path_symlink iiiii
	path_unlink_file iii
	poll_oneoff iiii
	proc_exit i -
	random_get ii
	sched_yield _
	sock_accept iii
	sock_recv iiiiii
	sock_send iiiii
	sock_shutdown ii
	`,
)
