import {expect, test} from "vitest"
import {KubeError} from "../kube/errors.ts"
import {createLog} from "./log.ts"

function logged(write: (log: ReturnType<typeof createLog>) => void) {
	const lines: string[] = []
	write(createLog({write: (line) => lines.push(line)}))
	return lines.map((line) => JSON.parse(line))
}

test("writes one line of JSON per message, the fields of its parents among its own", () => {
	expect(logged((log) => log.child({controller: "binding"}).info("Did it", {steps: 2}))).toEqual([
		{level: "info", time: expect.stringMatching(/Z$/), controller: "binding", steps: 2, msg: "Did it"},
	])
})

test("says nothing below its level", () => {
	expect(logged((log) => log.debug("Detail"))).toEqual([])
})

test("of an error of the API it tells what was done and what was said, and nothing that it may carry", () => {
	const cause = Object.assign(new Error("x"), {headers: {authorization: "Bearer c4nary"}})
	const error = new KubeError({
		code: 403,
		reason: "Forbidden",
		said: "no",
		doing: {verb: "list", resource: "pods"},
		cause,
	})
	const [line] = logged((log) => log.error("Failed", {error}))
	expect(line.error).toEqual({
		type: "KubeError",
		message: "cannot list pods: no",
		code: 403,
		reason: "Forbidden",
		verb: "list",
		resource: "pods",
	})
	expect(JSON.stringify(line)).not.toContain("c4nary")
})
