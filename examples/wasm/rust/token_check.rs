//! Lets a request pass when its bearer token is one of those whose digests are configured, and answers 401 otherwise.
//! The same module as ../assembly/token-check.ts in another language, for which one compiler call is enough.

mod host;
mod settings;
mod sha256;

use std::cell::RefCell;
use std::collections::BTreeMap;

use sha256::Digest;

const SCHEME: &[u8] = b"bearer ";
const EXPECTED: &str = r#"token-check: configuration has to be as {"sha256": ["64 hexadecimal digits"]}"#;

/// Several plugins may share one machine, and each has many requests at once.
#[derive(Default)]
struct Plugins {
	/// The plugin of a request: the parent of its context.
	roots: BTreeMap<u32, u32>,
	allowed: BTreeMap<u32, Vec<Digest>>,
}

thread_local! {
	static PLUGINS: RefCell<Plugins> = RefCell::default();
}

#[no_mangle]
pub extern "C" fn proxy_on_context_create(context: u32, parent: u32) {
	if parent != 0 {
		PLUGINS.with(|all| all.borrow_mut().roots.insert(context, parent));
	}
}

#[no_mangle]
pub extern "C" fn proxy_on_delete(context: u32) {
	PLUGINS.with(|all| all.borrow_mut().roots.remove(&context));
}

/// `{"sha256": ["<64 hexadecimal digits of a token's digest>"]}`
#[no_mangle]
pub extern "C" fn proxy_on_configure(root: u32, size: usize) -> u32 {
	match digests(&host::configuration(size)) {
		Some(digests) => {
			PLUGINS.with(|all| all.borrow_mut().allowed.insert(root, digests));
			1
		}
		None => {
			host::log_error(EXPECTED);
			0
		}
	}
}

fn digests(configuration: &[u8]) -> Option<Vec<Digest>> {
	let settings = settings::read(std::str::from_utf8(configuration).ok()?)?;
	settings.get("sha256")?.iter().map(|text| sha256::parse(text)).collect()
}

#[no_mangle]
pub extern "C" fn proxy_on_request_headers(context: u32, _count: u32, _end: u32) -> u32 {
	let value = host::request_header("authorization");
	if value.map_or(false, |value| is_allowed(context, &value)) {
		return host::GO_ON;
	}
	host::respond(401, "a known token is needed\n", ("www-authenticate", "Bearer"));
	host::STOP
}

fn is_allowed(context: u32, value: &[u8]) -> bool {
	if value.len() < SCHEME.len() || !value[..SCHEME.len()].eq_ignore_ascii_case(SCHEME) {
		return false;
	}
	let digest = sha256::sha256(&value[SCHEME.len()..]);
	PLUGINS.with(|all| {
		let Plugins { roots, allowed } = &*all.borrow();
		let known = roots.get(&context).and_then(|root| allowed.get(root));
		// Each is looked at, whichever it is.
		known.into_iter().flatten().fold(false, |found, one| sha256::same(&digest, one) | found)
	})
}
