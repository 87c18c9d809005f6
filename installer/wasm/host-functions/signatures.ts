/** Host functions by the module that they are imported from and their name, as `env.proxy_log`, with their signature. */
export type Functions = ReadonlyMap<string, string>

const letters: Readonly<Record<string, string>> = {i: "i32", I: "i64"}

/**
 * Functions of one import module from lines such as `proxy_log iii`: one letter per parameter, `i` for i32 and `I` for
 * i64. Each returns an i32, unless its line ends in `-`, which returns nothing.
 */
export function functions(module: string, lines: string): Functions {
	return new Map(
		lines
			.trim()
			.split("\n")
			.map((line) => {
				const [name = "", parameters = "", nothing] = line.trim().split(" ")
				const types = parameters === "_" ? [] : [...parameters].map((letter) => letters[letter] ?? letter)
				return [`${module}.${name}`, `(${types.join(", ")}) -> ${nothing === "-" ? "nothing" : "i32"}`]
			}),
	)
}

export const together = (...all: readonly Functions[]): Functions => new Map(all.flatMap((one) => [...one]))
