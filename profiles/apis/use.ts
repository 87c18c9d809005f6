import type {Feature} from "../features.ts"
import type {Reason} from "../reason.ts"
import type {KubeObject} from "../snapshot/object.ts"
import {type Field, type Reading, readSpec, unreadable} from "./read.ts"

/** One object's use of one feature. */
export type Use = {
	readonly name: Feature
	readonly object: KubeObject
	readonly note?: string
	/** The container network carries it, whatever dataplane lies above. */
	readonly carrier?: "cni"
}

/** What objects of one API make use of, and those of them that could not be read. */
export type Uses = {readonly uses: readonly Use[]; readonly reasons: readonly Reason[]}

/** A feature with a remark on how it is used, before it is known by which object. */
export type Trait = Feature | Omit<Use, "object">

/** Reads the spec of each object once: snapshots come and go, most of their objects stay. */
export function reader<T>(read: (spec: Field, object: KubeObject) => T): (object: KubeObject) => Reading<T> {
	const known = new WeakMap<KubeObject, Reading<T>>()
	return (object) => {
		const reading = known.get(object) ?? readSpec(object, (spec) => read(spec, object))
		known.set(object, reading)
		return reading
	}
}

/** The uses that objects make by their traits; an object with faults is a reason to refuse as well. */
export function usesOf<T>(
	objects: readonly KubeObject[],
	read: (object: KubeObject) => Reading<T>,
	traits: (value: T, object: KubeObject) => readonly Trait[],
): Uses {
	const uses: Use[] = []
	const reasons: Reason[] = []
	for (const object of objects) {
		const {value, faults} = read(object)
		if (faults.length > 0) reasons.push(unreadable(object, faults))
		for (const trait of traits(value, object))
			uses.push(typeof trait === "string" ? {name: trait, object} : {...trait, object})
	}
	return {uses, reasons}
}

export function joined(all: readonly Uses[]): Uses {
	return {uses: all.flatMap(({uses}) => uses), reasons: all.flatMap(({reasons}) => reasons)}
}
