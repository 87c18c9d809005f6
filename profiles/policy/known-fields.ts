import type {Field} from "../apis/read.ts"

/**
 * A field that a reader does not know may change what a policy means, so it refuses the object. `at` is asked for a
 * word that no field is called by, which notes the fault with its path.
 */
export function refuseOthers(field: Field, known: readonly string[]): void {
	for (const [key, value] of field.entries()) if (!known.includes(key)) value.word([])
}
