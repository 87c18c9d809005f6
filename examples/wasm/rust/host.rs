//! The part of proxy-wasm 0.2.0 that this module needs, in own words:
//! https://github.com/proxy-wasm/spec/tree/main/abi-versions/v0.2.0

use std::ptr;

#[link(wasm_import_module = "env")]
extern "C" {
	fn proxy_log(level: u32, message: *const u8, size: usize) -> u32;
	fn proxy_get_header_map_value(
		map: u32,
		key: *const u8,
		key_size: usize,
		value: *mut *mut u8,
		value_size: *mut usize,
	) -> u32;
	fn proxy_get_buffer_bytes(
		buffer: u32,
		start: usize,
		length: usize,
		value: *mut *mut u8,
		value_size: *mut usize,
	) -> u32;
	fn proxy_send_local_response(
		status: u32,
		details: *const u8,
		details_size: usize,
		body: *const u8,
		body_size: usize,
		headers: *const u8,
		headers_size: usize,
		grpc_status: i32,
	) -> u32;
}

const REQUEST_HEADERS: u32 = 0;
const PLUGIN_CONFIGURATION: u32 = 7;
const ERROR: u32 = 4;
const NO_GRPC: i32 = -1;

pub const GO_ON: u32 = 0;
pub const STOP: u32 = 1;

#[no_mangle]
pub extern "C" fn proxy_abi_version_0_2_0() {}

/// The host writes into what it gets from here; `taken` owns it again.
#[no_mangle]
pub extern "C" fn proxy_on_memory_allocate(size: usize) -> *mut u8 {
	Box::into_raw(vec![0; size].into_boxed_slice()) as *mut u8
}

/// What the host has just put into memory of ours; None where it says that there is nothing.
fn taken(ask: impl FnOnce(*mut *mut u8, *mut usize) -> u32) -> Option<Vec<u8>> {
	let (mut at, mut size) = (ptr::null_mut(), 0);
	if ask(&mut at, &mut size) != 0 {
		return None;
	}
	if at.is_null() {
		return Some(Vec::new());
	}
	// Of this size it was allocated above.
	Some(unsafe { Box::from_raw(ptr::slice_from_raw_parts_mut(at, size)) }.into_vec())
}

pub fn request_header(name: &str) -> Option<Vec<u8>> {
	taken(|at, size| unsafe {
		proxy_get_header_map_value(REQUEST_HEADERS, name.as_ptr(), name.len(), at, size)
	})
}

pub fn configuration(size: usize) -> Vec<u8> {
	taken(|at, length| unsafe { proxy_get_buffer_bytes(PLUGIN_CONFIGURATION, 0, size, at, length) })
		.unwrap_or_default()
}

pub fn log_error(message: &str) {
	unsafe { proxy_log(ERROR, message.as_ptr(), message.len()) };
}

/// Answers in place of the application, with one header.
pub fn respond(status: u32, body: &str, (name, value): (&str, &str)) {
	// The count of pairs, the sizes of each, then name and value, each with a zero behind it.
	let sizes = [1, name.len() as u32, value.len() as u32];
	let mut pairs: Vec<u8> = sizes.iter().flat_map(|size| size.to_le_bytes()).collect();
	for text in [name, value] {
		pairs.extend_from_slice(text.as_bytes());
		pairs.push(0);
	}
	unsafe {
		proxy_send_local_response(
			status,
			ptr::null(),
			0,
			body.as_ptr(),
			body.len(),
			pairs.as_ptr(),
			pairs.len(),
			NO_GRPC,
		)
	};
}
