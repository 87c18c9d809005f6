import {InvalidArgumentError} from "commander"

const units: Readonly<Record<string, number>> = {ms: 1, s: 1000, m: 60_000, h: 3_600_000}

/** Milliseconds of `90s`, `1h30m` or `500ms`. @throws InvalidArgumentError */
export function parseDuration(text: string): number {
	const total = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)].reduce(
		(sum, [, amount, unit]) => sum + Number(amount) * (units[unit ?? ""] ?? 0),
		0,
	)
	const whole = /^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)
	// setTimeout fires at once beyond 2^31 ms.
	if (!whole || total <= 0 || total >= 2 ** 31)
		throw new InvalidArgumentError("Give a duration such as 90s, 10m or 1h30m, at most 24 days.")
	return total
}

/** @throws InvalidArgumentError */
export function parseCode(text: string, before: readonly string[] = []): string[] {
	if (!/^[A-Z][A-Za-z0-9]{0,62}$/.test(text))
		throw new InvalidArgumentError(
			"Give the code of a reason as `heddle explain` prints it, such as CyclicCallers.",
		)
	return [...before, text]
}

/** A Kubernetes namespace's name. @throws InvalidArgumentError */
export function parseNamespace(text: string): string {
	if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(text))
		throw new InvalidArgumentError("A namespace has up to 63 lower-case letters, digits and dashes.")
	return text
}

export function parseNamespaces(text: string, before: readonly string[] = []): string[] {
	return [...new Set([...before, parseNamespace(text)])]
}

/** A function that reads whole numbers within bounds. */
export function wholeNumber(least: number, most: number): (text: string) => number {
	return (text) => {
		const value = Number(text)
		if (!/^\d+$/.test(text) || value < least || value > most)
			throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`)
		return value
	}
}
