import {selects} from "../../pods.ts"
import type {StringMap} from "../../snapshot/object.ts"
import type {Service} from "../../snapshot/shapes.ts"

/** The pods of one workload, as they are or will be. */
export type PodShape = {readonly labels: StringMap; readonly ports: Readonly<Record<string, number>>}

/** Pods of a namespace, and the Services that lead to them. */
export type Surroundings = {readonly services: readonly Service[]; readonly pods: readonly PodShape[]}

export const isHeadless = ({spec}: Service): boolean => spec?.clusterIP === "None"

export const podsOf = (selector: StringMap | undefined, {pods}: Surroundings): readonly PodShape[] =>
	selector === undefined ? pods : pods.filter(({labels}) => selects({matchLabels: selector}, labels))

/** Services that select pods of their own; one without a selector leads to endpoints that nobody knows. */
const leading = ({services}: Surroundings): readonly Service[] =>
	services.filter(({spec}) => Object.keys(spec?.selector ?? {}).length > 0)

export type Behind = {
	/** Services all of whose pods are selected. */
	readonly whole: readonly Service[]
	/** Services with pods that are selected and others that are not. */
	readonly parted: readonly Service[]
	/** Services by which callers get the addresses of the pods themselves. */
	readonly headless: readonly Service[]
}

/** The Services that lead to the pods of a selector. */
export function servicesOf(selector: StringMap | undefined, around: Surroundings): Behind {
	const found = leading(around).flatMap((service) => {
		const pods = podsOf(service.spec?.selector, around)
		const inside =
			selector === undefined ? pods : pods.filter(({labels}) => selects({matchLabels: selector}, labels))
		return inside.length === 0 ? [] : [{service, whole: inside.length === pods.length}]
	})
	const of = (wanted: (one: (typeof found)[number]) => boolean) =>
		found.filter(wanted).map(({service}) => service)
	return {
		whole: of(({service, whole}) => whole && !isHeadless(service)),
		parted: of(({service, whole}) => !whole && !isHeadless(service)),
		headless: of(({service}) => isHeadless(service)),
	}
}
