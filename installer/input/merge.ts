import {isDeepStrictEqual} from "node:util"
import {kindIdOf} from "../../profiles/snapshot/kinds.ts"
import type {KubeObject} from "../../profiles/snapshot/object.ts"
import {refOf} from "../../profiles/snapshot/object.ts"
import {invalidInput} from "../abort.ts"
import type {Placed} from "./objects.ts"
import {placeOf} from "./source.ts"

/**
 * Each object once. The same object twice is merged when both say the same, the API server's bookkeeping aside.
 * @throws AbortError naming both places when they differ
 */
export function merged(placed: Iterable<Placed>): readonly Placed[] {
	const byKind = new Map<string, Map<string, Placed>>()
	for (const one of placed) {
		const kind = kindIdOf(one.object)
		const seen = byKind.get(kind) ?? new Map<string, Placed>()
		byKind.set(kind, seen)
		const {namespace, name} = one.object.metadata
		const key = namespace === undefined || namespace === "" ? name : `${namespace}/${name}`
		const before = seen.get(key)
		seen.set(key, before === undefined ? one : sameOf(before, one))
	}
	return [...byKind.values()].flatMap((seen) => [...seen.values()])
}

type Loose = KubeObject & {readonly status?: object}

/** The one of two that says more: a manifest has no status, what the cluster stored has. */
function sameOf(before: Placed, after: Placed): Placed {
	if (agree(before.object, after.object)) return isEmpty((before.object as Loose).status) ? after : before
	throw invalidInput(
		`${refOf(after.object)} stands in ${placeOf(before.found)} and in ${placeOf(after.found)}, and they differ`,
		{tryMessage: "Keep one of them."},
	)
}

function agree(a: Loose, b: Loose): boolean {
	if (isDeepStrictEqual(a, b)) return true
	const sameStatus = isEmpty(a.status) || isEmpty(b.status) || isDeepStrictEqual(a.status, b.status)
	const [one, other] = [a.metadata.uid, b.metadata.uid]
	const sameUid = one === undefined || other === undefined || one === other
	return sameStatus && sameUid && isDeepStrictEqual(told(a), told(b))
}

const isEmpty = (status: object | undefined): boolean =>
	status === undefined || status === null || Object.keys(status).length === 0

/** What an object says beside its status and what the API server notes about every write. */
function told(object: Loose): object {
	const {status: _, metadata, ...rest} = object
	const {
		managedFields: _m,
		resourceVersion: _v,
		generation: _g,
		uid: _u,
		creationTimestamp: _c,
		annotations,
		...kept
	} = metadata
	const {[lastApplied]: _l, ...own} = annotations ?? {}
	return {...rest, metadata: {...kept, ...(Object.keys(own).length === 0 ? {} : {annotations: own})}}
}

const lastApplied = "kubectl.kubernetes.io/last-applied-configuration"
