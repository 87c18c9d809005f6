/** Names, in an order in which each comes after all that lead to it, but for cycles. */
export type Layers = {
	/** By name, from 0. Members of a cycle share one. */
	readonly level: ReadonlyMap<string, number>
	/** Names that lead to each other, or one that leads to itself; in the order given. */
	readonly cycles: readonly (readonly string[])[]
}

/** `into` holds, by name, the names that lead to it; those that are not among `names` are left out. */
export function layersOf(names: readonly string[], into: ReadonlyMap<string, Iterable<string>>): Layers {
	const known = new Set(names)
	const sources = new Map(
		names.map((name) => [name, [...(into.get(name) ?? [])].filter((one) => known.has(one))]),
	)
	const groups = components(names, sources)
	const groupOf = new Map(groups.flatMap((group) => group.map((name) => [name, group] as const)))
	const level = new Map<string, number>()
	// A group comes out after every group that leads to it.
	for (const group of groups) {
		const before = group
			.flatMap((name) => sources.get(name) ?? [])
			.filter((one) => groupOf.get(one) !== group)
		const at = Math.max(-1, ...before.map((one) => level.get(one) ?? 0)) + 1
		for (const name of group) level.set(name, at)
	}
	const isCycle = (group: readonly string[]) =>
		group.length > 1 || group.some((name) => sources.get(name)?.includes(name))
	const place = new Map(names.map((name, index) => [name, index]))
	const inOrder = (a: string, b: string) => (place.get(a) ?? 0) - (place.get(b) ?? 0)
	return {level, cycles: groups.filter(isCycle).map((group) => group.toSorted(inOrder))}
}

/** Tarjan's strongly connected components, each after those that lead to it. */
function components(
	names: readonly string[],
	sources: ReadonlyMap<string, readonly string[]>,
): readonly (readonly string[])[] {
	const index = new Map<string, number>()
	const low = new Map<string, number>()
	const stack: string[] = []
	const open = new Set<string>()
	const found: string[][] = []
	for (const name of names) if (!index.has(name)) visit(name)
	return found

	function visit(name: string): void {
		index.set(name, index.size)
		low.set(name, index.size - 1)
		stack.push(name)
		open.add(name)
		for (const source of sources.get(name) ?? []) {
			if (!index.has(source)) visit(source)
			if (open.has(source)) low.set(name, Math.min(low.get(name) ?? 0, low.get(source) ?? 0))
		}
		if (low.get(name) !== index.get(name)) return
		const group = stack.splice(stack.indexOf(name))
		for (const one of group) open.delete(one)
		found.push(group)
	}
}
