/** A member that is there only when its value is. */
export const maybe = <K extends string, V>(key: K, value: V | undefined): {readonly [P in K]?: V} =>
	(value === undefined ? {} : {[key]: value}) as {readonly [P in K]?: V}
