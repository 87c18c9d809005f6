import {describe, expect, test} from "vitest"
import type {ModulesReading} from "../../../prometheus/read-modules.ts"
import {judgeModules} from "./judge.ts"

type Numbers = Exclude<ModulesReading, {problem: string}>
const answers = {requests: 500, failed: 0, refused: 0, p99Millis: 10}
const well: Numbers = {
	seconds: 60,
	seen: 1,
	loaded: 1,
	failures: 0,
	active: 2,
	memoryBytes: 50 << 20,
	answers,
	others: answers,
}
const gates = {
	prometheus: {address: "http://prometheus:9090"},
	successRate: {minPercent: 99, minRequests: 100},
	latencyP99: {maxIncreasePercent: 25},
}
const judged = (more: Partial<Numbers>, canaried = {}) =>
	judgeModules(gates, {...well, ...more}, {pods: 1, memoryLimit: 128 << 20, mayRefuse: false, ...canaried})

describe("a module on a few pods", () => {
	test.each([
		["does well", {}, "pass", "1 agent had the module"],
		["could not be had", {failures: 1, loaded: 0}, "fail", "1 time an agent could not have the module"],
		["is on a pod that nobody scrapes", {seen: 0}, "hold", "labels namespace and pod"],
		["has not come yet", {loaded: 0}, "hold", "0 of 1 agent had the module yet"],
		["is in a proxy that tells nothing", {active: undefined}, "hold", "virtual machines"],
		["does not run", {active: 0}, "fail", "runs no virtual machine"],
		["fills its proxy", {memoryBytes: 120 << 20}, "fail", "94 % of the memory"],
		["is in a proxy whose memory nobody measures", {memoryBytes: undefined}, "pass", "succeeded"],
		["was asked too little", {answers: {...answers, requests: 40}}, "hold", "40 requests of the 100"],
		["fails some requests", {answers: {...answers, failed: 20}}, "fail", "96 % of 500 requests succeeded"],
		["is slow", {answers: {...answers, p99Millis: 13}}, "fail", "13 ms"],
		["refuses some requests", {answers: {...answers, refused: 50}}, "fail", "10 % of requests are refused"],
		[
			"is where as many are refused without it",
			{answers: {...answers, refused: 50}, others: {...answers, refused: 48}},
			"pass",
			"succeeded",
		],
		["is where one client is mistaken", {answers: {...answers, refused: 4}}, "pass", "succeeded"],
	] as const)("that %s", (_, more, verdict, says) => {
		const numbers = Object.fromEntries(Object.entries(more).filter(([, value]) => value !== undefined))
		const absent = Object.keys(more).filter((key) => !(key in numbers))
		const reading = Object.fromEntries(
			Object.entries({...well, ...numbers}).filter(([key]) => !absent.includes(key)),
		) as Numbers
		const found = judgeModules(gates, reading, {pods: 1, memoryLimit: 128 << 20, mayRefuse: false})
		expect(found).toEqual({verdict, message: expect.stringContaining(says)})
	})

	test("may refuse what a person expects it to refuse", () => {
		const refusing = {answers: {...answers, refused: 250}}
		expect(judged(refusing, {mayRefuse: true}).verdict).toBe("pass")
		expect(judged(refusing).verdict).toBe("fail")
	})

	test("is not judged while Prometheus does not answer", () => {
		const found = judgeModules(
			gates,
			{problem: "it cannot be reached"},
			{
				pods: 1,
				memoryLimit: undefined,
				mayRefuse: false,
			},
		)
		expect(found).toEqual({verdict: "hold", message: "it cannot be reached"})
	})
})
