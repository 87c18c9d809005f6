import {perPodRequests} from "../../operator/plan/cost.ts"
import {quantity} from "../../operator/plan/quantity.ts"
import {plural} from "../../profiles/names.ts"
import * as kinds from "../../profiles/snapshot/kinds.ts"
import type {KubeObject, StringMap} from "../../profiles/snapshot/object.ts"
import {refOf} from "../../profiles/snapshot/object.ts"
import type {Outcome, Scene} from "./types.ts"

type LimitRangeObject = KubeObject & {
	readonly spec?: {readonly limits?: readonly {readonly type?: string; readonly max?: StringMap}[]}
}
export const LimitRange = kinds.namespaced<LimitRangeObject>("", "v1", "LimitRange", "limitranges")

/** What each installed dataplane adds to a pod, against the largest container and pod that a namespace admits. */
export function proxyLimits({snapshot, facts}: Scene): Outcome {
	const ranges = snapshot
		.list(LimitRange)
		.filter(({metadata}) => !facts.reserved.has(metadata.namespace ?? ""))
	const proxies = facts.installed
		.map(({dataplane, installation}) => ({
			name: dataplane.name,
			...perPodRequests(dataplane, installation.version),
		}))
		.filter(({cpuMillis, memoryMiB}) => cpuMillis > 0 || memoryMiB > 0)
	return {
		seen: `${plural(ranges.length, "LimitRange")}, ${plural(proxies.length, "kind of proxy", "kinds of proxies")}`,
		findings: ranges.flatMap((range) =>
			proxies.flatMap((proxy) =>
				(range.spec?.limits ?? [])
					.filter(({type}) => type === "Container" || type === "Pod")
					.flatMap(({type, max}) => tooSmall(max ?? {}, proxy).map((what) => `a ${type} may have ${what}`))
					.map((message) => ({
						object: refOf(range),
						message: `${refOf(range)}: ${message}, ${proxy.name}'s proxy requests more`,
					})),
			),
		),
	}
}

function tooSmall(max: StringMap, proxy: {cpuMillis: number; memoryMiB: number}): readonly string[] {
	const [cpu, memory] = [quantity(max.cpu), quantity(max.memory)]
	return [
		...(cpu !== undefined && cpu * 1e3 < proxy.cpuMillis ? [`${max.cpu} CPU at most`] : []),
		...(memory !== undefined && memory / 2 ** 20 < proxy.memoryMiB
			? [`${max.memory} of memory at most`]
			: []),
	]
}
