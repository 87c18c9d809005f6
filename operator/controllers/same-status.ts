/** Whether two statuses say the same, the order of keys aside: an unchanged one is not written again. */
export function sameStatus(a: object | undefined, b: object | undefined): boolean {
	return stable(a ?? {}) === stable(b ?? {})
}

const stable = (value: unknown): string =>
	JSON.stringify(value, (_, item: unknown) =>
		typeof item === "object" && item !== null && !Array.isArray(item)
			? Object.fromEntries(Object.entries(item).sort(([x], [y]) => (x < y ? -1 : 1)))
			: item,
	)
