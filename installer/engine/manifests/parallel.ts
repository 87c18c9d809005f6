/** The API server is asked by as many at once as make it faster, and by no more. */
const atOnce = 8

/** Results in the order of the items. The first failure ends it; what is under way by then is waited for. */
export async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
	const results: R[] = []
	const failures: unknown[] = []
	const queue = items.entries()
	const worker = async () => {
		for (const [i, item] of queue) {
			if (failures.length > 0) return
			try {
				results[i] = await work(item)
			} catch (error) {
				failures.push(error)
			}
		}
	}
	await Promise.all(Array.from({length: Math.min(atOnce, items.length)}, worker))
	if (failures.length > 0) throw failures[0]
	return results
}
