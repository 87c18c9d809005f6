import {describe, expect, it} from "vitest"
import {quantity, requestsOf} from "./quantity.ts"

describe("a quantity", () => {
	it.each([
		["100m", 0.1],
		["2", 2],
		["0.5", 0.5],
		["1Gi", 2 ** 30],
		["1G", 1e9],
		["128Mi", 128 * 2 ** 20],
		["1e3", 1000],
	])("reads %s", (text, value) => expect(quantity(text)).toBeCloseTo(value))

	it.each([["x"], ["1Zi"], [""], [undefined]])("knows nothing of %s", (text) =>
		expect(quantity(text)).toBeUndefined(),
	)

	it("takes a number of YAML as it is", () => expect(quantity(3)).toBe(3))
})

describe("the requests of a pod", () => {
	it("are those of its containers and of the init containers that keep running", () => {
		const resources = {requests: {cpu: "100m", memory: "64Mi"}}
		const spec = {
			containers: [{name: "app", resources}],
			initContainers: [
				{name: "setup", resources},
				{name: "proxy", resources, restartPolicy: "Always"},
			],
		}
		expect(requestsOf(spec)).toEqual({cpuMillis: 200, memoryMiB: 128})
	})

	it("are nothing where nothing is said", () =>
		expect(requestsOf(undefined)).toEqual({cpuMillis: 0, memoryMiB: 0}))
})
