import {refOf} from "../../profiles/snapshot/object.ts"
import type {Placed} from "./objects.ts"

/** A file, as it was named on the command line, and a line of it from 1 where the format tells. */
export type Place = {readonly file: string; readonly line?: number}

/** Where an object of files stands, by its ref; nothing of what came from a cluster. */
export type Places = (ref: string) => Place | undefined

export const nowhere: Places = () => undefined

/** Made when first asked: a plan of a large cluster may never be. */
export function placesOf(placed: readonly Placed[]): Places {
	let known: Map<string, Place> | undefined
	return (ref) => {
		known ??= new Map(
			placed.map(({object, found: {file, line}}) => [
				refOf(object),
				line === undefined ? {file} : {file, line},
			]),
		)
		return known.get(ref)
	}
}
