import {isDeepStrictEqual} from "node:util"
import {kindIdOf} from "../../profiles/snapshot/kinds.ts"
import type {KubeObject} from "../../profiles/snapshot/object.ts"
import {refOf} from "../../profiles/snapshot/object.ts"
import {invalidInput} from "../abort.ts"
import type {Placed} from "./objects.ts"

/**
 * Each object once. The same object twice is merged when both are identical.
 * @throws AbortError naming both places when they differ
 */
export function merged(placed: Iterable<Placed>): KubeObject[] {
	const seen = new Map<string, Placed>()
	for (const one of placed) {
		const {namespace = "", name} = one.object.metadata
		const key = `${kindIdOf(one.object)} ${namespace} ${name}`
		const before = seen.get(key)
		if (before === undefined) seen.set(key, one)
		else if (!isDeepStrictEqual(before.object, one.object)) {
			throw invalidInput(
				`${refOf(one.object)} stands in ${before.place} and in ${one.place}, and they differ`,
				{tryMessage: "Keep one of them."},
			)
		}
	}
	return [...seen.values()].map(({object}) => object)
}
