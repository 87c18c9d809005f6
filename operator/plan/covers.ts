/** Whether everything in `wanted` stands in `object` too; what the API server adds beside it does not matter. */
export function covers(object: unknown, wanted: unknown): boolean {
	if (Array.isArray(wanted)) {
		if (!Array.isArray(object) || object.length !== wanted.length) return false
		return wanted.every((item, index) => covers(object[index], item))
	}
	if (typeof wanted !== "object" || wanted === null) return object === wanted
	if (typeof object !== "object" || object === null) return false
	const values = object as Record<string, unknown>
	return Object.entries(wanted).every(([key, value]) => covers(values[key], value))
}
