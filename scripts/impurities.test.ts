import {expect, test} from "vitest"
import {impurities} from "./impurities.ts"

test.for([
	["Date.now()", ["Date.now"]],
	["const id = Math.random()", ["Math.random"]],
	["new Date()", ["new Date()"]],
	["process.env.HOME", ["process"]],
	["await fetch(url)", ["fetch"]],
	["new Date(pod.metadata.creationTimestamp)", []],
	["Math.max(1, 2)", []],
	["type Pod = {process: string}; pod.process", []],
	["// Date.now() is not for here", []],
	['"Math.random"', []],
] as const)("%s", ([source, names]) => {
	expect(impurities(source).map(({name}) => name)).toEqual(names)
})

test("a finding has its line", () => {
	expect(impurities("const a = 1\n\nDate.now()")).toEqual([{line: 3, name: "Date.now"}])
})
