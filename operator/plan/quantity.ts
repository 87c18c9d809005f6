import type {Container, PodSpec} from "../../profiles/snapshot/shapes.ts"

const suffixes: Readonly<Record<string, number>> = {
	"": 1,
	n: 1e-9,
	u: 1e-6,
	m: 1e-3,
	k: 1e3,
	M: 1e6,
	G: 1e9,
	T: 1e12,
	Ki: 2 ** 10,
	Mi: 2 ** 20,
	Gi: 2 ** 30,
	Ti: 2 ** 40,
}

/** A Kubernetes quantity such as `100m` or `1Gi` as a number; undefined when it is none. */
export function quantity(text: string | number | undefined): number | undefined {
	if (typeof text === "number") return text
	const match = /^([0-9]+(?:\.[0-9]+)?(?:e[0-9]+)?)([A-Za-z]*)$/.exec(text ?? "")
	const factor = suffixes[match?.[2] ?? "?"]
	return match === null || factor === undefined ? undefined : Number(match[1]) * factor
}

export type Requests = {readonly cpuMillis: number; readonly memoryMiB: number}

/** What the scheduler reserves for a pod: its containers, and the init containers that keep running beside them. */
export function requestsOf(spec: PodSpec | undefined): Requests {
	const running = [
		...(spec?.containers ?? []),
		...(spec?.initContainers ?? []).filter((one) => one.restartPolicy === "Always"),
	]
	return {
		cpuMillis: sum(running, "cpu") * 1e3,
		memoryMiB: sum(running, "memory") / 2 ** 20,
	}
}

const sum = (containers: readonly Container[], resource: string): number =>
	containers.reduce((total, one) => total + (quantity(one.resources?.requests?.[resource]) ?? 0), 0)
