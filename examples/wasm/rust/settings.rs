use std::collections::BTreeMap;

/// Settings by name; one text counts as a list of one.
pub type Settings = BTreeMap<String, Vec<String>>;

/// Reads a JSON object of texts and lists of texts. None where it is anything else: a plugin that guesses at its
/// configuration protects nobody.
pub fn read(source: &str) -> Option<Settings> {
	let mut reader = Reader { rest: source };
	let settings = reader.object()?;
	reader.rest.trim_start_matches(SPACE).is_empty().then(|| settings)
}

const SPACE: [char; 4] = [' ', '\t', '\n', '\r'];

struct Reader<'a> {
	rest: &'a str,
}

impl Reader<'_> {
	fn object(&mut self) -> Option<Settings> {
		let mut settings = Settings::new();
		self.expects('{')?;
		if self.takes('}') {
			return Some(settings);
		}
		loop {
			let name = self.text()?;
			self.expects(':')?;
			settings.insert(name, self.values()?);
			if self.takes('}') {
				return Some(settings);
			}
			self.expects(',')?;
		}
	}

	fn values(&mut self) -> Option<Vec<String>> {
		if !self.takes('[') {
			return Some(vec![self.text()?]);
		}
		let mut values = Vec::new();
		if self.takes(']') {
			return Some(values);
		}
		loop {
			values.push(self.text()?);
			if self.takes(']') {
				return Some(values);
			}
			self.expects(',')?;
		}
	}

	/// JSON escapes units of UTF-16, two of which may make one character.
	fn text(&mut self) -> Option<String> {
		self.expects('"')?;
		let mut units = Vec::new();
		loop {
			match self.next()? {
				'"' => return String::from_utf16(&units).ok(),
				'\\' => units.push(self.escaped()?),
				one => units.extend_from_slice(one.encode_utf16(&mut [0; 2])),
			}
		}
	}

	fn escaped(&mut self) -> Option<u16> {
		let one = match self.next()? {
			'n' => '\n',
			't' => '\t',
			'r' => '\r',
			'b' => '\u{8}',
			'f' => '\u{c}',
			one @ ('"' | '\\' | '/') => one,
			'u' => return self.unit(),
			_ => return None,
		};
		Some(one as u16)
	}

	fn unit(&mut self) -> Option<u16> {
		let digits = self.rest.get(..4)?;
		self.rest = &self.rest[4..];
		let plain = digits.bytes().all(|one| one.is_ascii_hexdigit());
		plain.then(|| u16::from_str_radix(digits, 16).ok())?
	}

	fn next(&mut self) -> Option<char> {
		let one = self.rest.chars().next()?;
		self.rest = &self.rest[one.len_utf8()..];
		Some(one)
	}

	/// Whether the mark stands here; then it is passed.
	fn takes(&mut self, mark: char) -> bool {
		let found = self.rest.trim_start_matches(SPACE).strip_prefix(mark);
		self.rest = found.unwrap_or(self.rest);
		found.is_some()
	}

	fn expects(&mut self, mark: char) -> Option<()> {
		self.takes(mark).then(|| ())
	}
}
