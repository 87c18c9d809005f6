/** Settings by name; one text counts as a list of one. */
export type Settings = Map<string, string[]>

/**
 * Reads a JSON object of texts and lists of texts. Null where it is anything else: a plugin that guesses at its
 * configuration protects nobody.
 */
export function readSettings(text: string): Settings | null {
	const reader = new Reader(text)
	const settings = new Map<string, string[]>()
	if (!reader.takes("{")) return null
	if (!reader.takes("}")) {
		do {
			const name = reader.text()
			if (!reader.takes(":")) return null
			settings.set(name, reader.values())
		} while (reader.takes(","))
		if (!reader.takes("}")) return null
	}
	return reader.finished() ? settings : null
}

class Reader {
	private at: i32 = 0
	private failed: bool = false

	constructor(private source: string) {}

	finished(): bool {
		this.skipSpace()
		return !this.failed && this.at == this.source.length
	}

	/** The mark stands here, and is passed. */
	takes(mark: string): bool {
		this.skipSpace()
		if (this.failed || this.source.charAt(this.at) != mark) return false
		this.at++
		return true
	}

	values(): string[] {
		const values: string[] = []
		if (!this.takes("[")) {
			values.push(this.text())
			return values
		}
		if (this.takes("]")) return values
		do values.push(this.text())
		while (this.takes(","))
		if (!this.takes("]")) this.failed = true
		return values
	}

	text(): string {
		let text = ""
		if (!this.takes('"')) {
			this.failed = true
			return text
		}
		while (this.at < this.source.length) {
			const one = this.source.charAt(this.at++)
			if (one == '"') return text
			text += one == "\\" ? this.escaped() : one
		}
		this.failed = true
		return text
	}

	private escaped(): string {
		const one = this.source.charAt(this.at++)
		if (one == "n") return "\n"
		if (one == "t") return "\t"
		if (one == "r") return "\r"
		if (one == "b") return "\b"
		if (one == "f") return "\f"
		if (one == '"' || one == "\\" || one == "/") return one
		if (one == "u" && this.at + 4 <= this.source.length) {
			const code = this.source.substr(this.at, 4)
			this.at += 4
			// parseInt would also take a sign, or stop at what is no digit.
			if (isHexadecimal(code)) return String.fromCharCode(i32(parseInt(code, 16)))
		}
		this.failed = true
		return ""
	}

	private skipSpace(): void {
		while (this.at < this.source.length) {
			const one = this.source.charCodeAt(this.at)
			if (one != 32 && one != 9 && one != 10 && one != 13) return
			this.at++
		}
	}
}

function isHexadecimal(text: string): bool {
	for (let i = 0; i < text.length; i++) if (!"0123456789abcdefABCDEF".includes(text.charAt(i))) return false
	return true
}
