/** A MicroTime of the API: six digits of a second; with three, older API servers answer 400. */
export function microTime(date: Date): string {
	return date.toISOString().replace(/\.(\d{3})Z$/, ".$1000Z")
}
