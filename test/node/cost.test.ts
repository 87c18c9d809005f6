import {setTimeout as sleep} from "node:timers/promises"
import {describe, type ExpectStatic, test} from "vitest"
import {ambient as addition} from "../../installer/sandbox/node/ambient/index.ts"
import {query} from "../../operator/prometheus/query.ts"
import {costsOf} from "../../profiles/capability.ts"
import type {Dataplane} from "../../profiles/dataplane.ts"
import {istioAmbient} from "../../profiles/istio-ambient/index.ts"
import {istioSidecar} from "../../profiles/istio-sidecar/index.ts"
import {ambient, sidecar} from "../api/operator/manifests.ts"
import {isInjected, isRedirected, type Place} from "../api/operator/place.ts"
import type {CostResult} from "./cost-result.ts"
import {measure, openPlace} from "./course.ts"
import type {ClientMesh} from "./manifests.ts"
import {useAddition, useNode} from "./node.ts"
import {reportCost} from "./results.ts"
import {caseMs, deploy, patience, podsOf, quick, useOperator} from "./scene.ts"

/*
 * Level traffic: what proxies use while they carry the load of the other cases, as the kubelet tells it by container,
 * against the figures by which the planner weighs dataplanes.
 */
const world = useNode()
const operator = useOperator(world)

type Asked = {
	readonly dataplane: Dataplane
	readonly per: "pod" | "node"
	readonly mesh: ClientMesh
	/** The containers, for a query, and how many of their pods share the load. */
	readonly containers: (place: Place) => string
	readonly pods: number
	readonly enrolled: () => Promise<Place>
}

const seconds = 40

/** Under the usual load for as long as the queries look back. */
async function used(
	{dataplane, per, mesh, containers, pods, enrolled}: Asked,
	facts: Named,
): Promise<CostResult> {
	const place = await enrolled()
	const clients = await openPlace(world())
	const address = world().sandbox.prometheus ?? ""
	const of = containers(place)
	let [cores, bytes]: (number | undefined)[] = []
	const {rate} = await measure(world(), {
		place,
		clients,
		callers: mesh,
		act: async () => {
			// The kubelet looks at containers every ten seconds or so.
			await sleep((seconds + 20) * 1000)
			cores = await query(address, `sum(rate(container_cpu_usage_seconds_total{${of}}[${seconds}s]))`)
			bytes = await query(address, `sum(container_memory_working_set_bytes{${of}})`)
		},
	})
	if (cores === undefined || bytes === undefined) throw new Error(`Prometheus knows no container with ${of}`)
	const item = costsOf(dataplane, world().sandbox.versions["pilot-discovery"]).find((one) => one.per === per)
	if (item === undefined) throw new Error(`${dataplane.name} has no cost per ${per}`)
	const requestsPerSecond = rate / pods
	const cpuMillis = (cores * 1000) / pods
	return {
		...facts,
		requestsPerSecond,
		cpuMillis: {measured: rounded(cpuMillis), predicted: item.usage.cpuMillis},
		perRequest: {
			measured: rounded((cpuMillis * 1000) / requestsPerSecond),
			predicted: item.usage.cpuMillis.likely,
		},
		memoryMiB: {measured: rounded(bytes / 2 ** 20 / pods), predicted: item.usage.memoryMiB},
	}
}

type Named = Pick<CostResult, "name" | "title">

const rounded = (value: number): number => Math.round(value * 10) / 10

/** An application on a dataplane. */
async function on(dataplane: object, name: string): Promise<Place> {
	const place = await openPlace(world())
	await deploy(place)
	await operator.running()
	await place.profile({dataplane, migration: quick})
	await place.on(name, patience)
	await podsOf(place, name === "istio-ambient" ? isRedirected : isInjected)
	return place
}

describe("within what the planner predicts is", {timeout: caseMs}, () => {
	test("a sidecar", async ({expect}) => {
		const result = await used(
			{
				dataplane: istioSidecar,
				per: "pod",
				mesh: "sidecar",
				containers: ({name}) => `namespace="${name}",pod=~"app-.*",container="istio-proxy"`,
				pods: 2,
				enrolled: () => on(sidecar, "istio-sidecar"),
			},
			{name: "1-sidecar", title: "a sidecar of the application, of two"},
		)
		expectPredicted(expect, reportCost(result))
	})

	describe("ambient", () => {
		useAddition(world, addition)
		test("the agents of a node", async ({expect}) => {
			const result = await used(
				{
					dataplane: istioAmbient,
					per: "node",
					mesh: "ambient",
					containers: () => 'namespace="istio-system",pod=~"(ztunnel|istio-cni-node)-.*"',
					pods: 1,
					enrolled: () => on(ambient, "istio-ambient"),
				},
				{
					name: "2-ambient",
					title: "ztunnel and istio-cni of the node, which carries the application and its callers",
				},
			)
			expectPredicted(expect, reportCost(result))
		})
	})
})

/** The figures are an interval: more would make the planner's advice wrong. */
function expectPredicted(expect: ExpectStatic, {cpuMillis, memoryMiB}: CostResult): void {
	expect(cpuMillis.measured).toBeLessThanOrEqual(cpuMillis.predicted.high)
	expect(memoryMiB.measured).toBeLessThanOrEqual(memoryMiB.predicted.high)
}
