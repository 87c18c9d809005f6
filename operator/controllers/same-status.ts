import {isDeepStrictEqual} from "node:util"

/** Whether two statuses say the same, the order of keys aside: an unchanged one is not written again. */
export const sameStatus = (a: object | undefined, b: object | undefined): boolean =>
	a === b || isDeepStrictEqual(a ?? {}, b ?? {})
