import {describe, expect, it} from "vitest"
import type {Census} from "../../profiles/census.ts"
import type {CostItem, Dataplane, Resources} from "../../profiles/dataplane.ts"
import {none} from "../../profiles/none/index.ts"
import {costOf, type Placement, saving} from "./cost.ts"

const exactly = (cpu: number, memory: number): Resources => ({
	cpuMillis: {low: cpu, likely: cpu, high: cpu},
	memoryMiB: {low: memory, likely: memory, high: memory},
})

const item = (per: CostItem["per"], cpu: number, memory: number): CostItem => ({
	per,
	versions: "*",
	requests: exactly(cpu, memory),
	usage: exactly(cpu, memory),
	source: "a test",
})

const beside: Dataplane = {...none, name: "beside", family: "Sidecar", costs: [item("pod", 100, 128)]}
const beneath: Dataplane = {
	...none,
	name: "beneath",
	family: "Sidecarless",
	costs: [item("node", 300, 612), item("waypoint", 100, 128)],
}

function cost(
	placements: readonly Placement[],
	options: {agents?: Census["nodes"]; waypoints?: {from: number; to: number}} = {},
) {
	return costOf({
		placements,
		dataplanes: [beside, beneath, none],
		versions: new Map(),
		census: () => ({pods: new Map(), nodes: options.agents ?? new Map(), sidecarsWithoutHBONE: 0}),
		waypoints: options.waypoints ?? {from: 0, to: 0},
	})
}

const pods = (count: number, one: Placement): readonly Placement[] => Array.from({length: count}, () => one)
const onNode = (node: string, from: string, to: string): Placement => ({node, from, to})

describe("the cost of a namespace", () => {
	it("counts a sidecar per pod", () => {
		const {requests} = cost(pods(3, onNode("n1", "none", "beside")))
		expect(requests.cpuMillis).toEqual({from: exactly(0, 0).cpuMillis, to: exactly(300, 0).cpuMillis})
	})

	it("takes the whole of an agent that nobody else uses, on each node", () => {
		const {requests} = cost([
			onNode("n1", "none", "beneath"),
			onNode("n1", "none", "beneath"),
			onNode("n2", "none", "beneath"),
		])
		expect(requests.cpuMillis.to.likely).toBe(600)
	})

	it("shares an agent with the enrolled pods of other namespaces", () => {
		const agents = new Map([["beneath", new Map([["n1", 6]])]])
		const {requests} = cost(pods(2, onNode("n1", "none", "beneath")), {agents})
		expect(requests.cpuMillis.to.likely).toBe(75)
	})

	it("does not count its own pods as those of others when they are enrolled already", () => {
		const agents = new Map([["beneath", new Map([["n1", 4]])]])
		const {requests} = cost(pods(2, onNode("n1", "beneath", "beneath")), {agents})
		expect(requests.cpuMillis).toEqual({from: exactly(150, 0).cpuMillis, to: exactly(150, 0).cpuMillis})
	})

	it("changes the cluster's total by sidecars and waypoints, never by agents that run anyway", () => {
		const {marginal} = cost(pods(4, onNode("n1", "beside", "beneath")), {waypoints: {from: 0, to: 1}})
		expect(marginal).toEqual(exactly(-300, -384))
	})

	it("is as uncertain as its parts: a difference widens the interval", () => {
		const vague: Resources = {
			cpuMillis: {low: 50, likely: 100, high: 200},
			memoryMiB: {low: 1, likely: 1, high: 1},
		}
		const unsure: Dataplane = {...beside, costs: [{...item("pod", 0, 0), requests: vague}]}
		const {marginal} = costOf({
			placements: [onNode("n1", "beside", "none")],
			dataplanes: [unsure, none],
			versions: new Map(),
			census: () => ({pods: new Map(), nodes: new Map(), sidecarsWithoutHBONE: 0}),
			waypoints: {from: 0, to: 0},
		})
		expect(marginal.cpuMillis).toEqual({low: -200, likely: -100, high: -50})
	})
})

describe("what a move saves", () => {
	it.each([
		{pods: 2, saves: -0.5},
		{pods: 3, saves: 0},
		{pods: 6, saves: 0.5},
	])("is $saves of the better resource for $pods pods on one node", ({pods: count, saves}) => {
		const {requests, ...rest} = cost(pods(count, onNode("n1", "beside", "beneath")))
		expect(
			saving({
				requests: {...requests, memoryMiB: {from: requests.cpuMillis.from, to: requests.cpuMillis.to}},
				...rest,
			}),
		).toBeCloseTo(saves)
	})

	it("is nothing from nothing", () => {
		expect(saving(cost(pods(1, onNode("n1", "none", "none"))))).toBe(0)
	})
})
