import {expect, test} from "vitest"
import {KubeError} from "../../operator/kube/errors.ts"
import {AbortError} from "../abort.ts"
import type {InstallEvent, ResourceEvent} from "./events.ts"
import {resumable} from "./outcome.ts"

const head = {flow: "install", engine: "manifests", release: "r", target: "c", dryRun: false} as const
const object = (name: string, state: ResourceEvent["state"], action: ResourceEvent["action"] = "create") =>
	({type: "resource", id: name, kind: "ConfigMap", name, action, state}) as const
const refused = new KubeError({
	code: 403,
	reason: "Forbidden",
	said: "no",
	doing: {verb: "apply", resource: "pods"},
})

async function flow(events: readonly InstallEvent[], end: "done" | Error) {
	const heard: InstallEvent[] = []
	const result = await resumable(
		head,
		(event) => void heard.push(event),
		async (onEvent) => {
			for (const event of events) onEvent(event)
			if (end instanceof Error) throw end
			return end
		},
	).catch((error: unknown) => error)
	return {result, first: heard.at(0), last: heard.at(-1)}
}

test("a flow begins with what it is about and ends with a summary that counts the last word of each object", async () => {
	const events = [
		object("a", "working"),
		object("a", "ready"),
		object("b", "skipped", "same"),
		object("c", "gone", "delete"),
	]
	const {result, first, last} = await flow(events, "done")
	expect(result).toBe("done")
	expect(first).toEqual({type: "start", ...head})
	expect(last).toMatchObject({
		type: "summary",
		result: "done",
		exitCode: 0,
		counts: {created: 1, updated: 0, deleted: 1, adopted: 0, unchanged: 1, failed: 0},
	})
})

test("what the cluster refuses before the first write refuses the flow, and after it stops it midway with 4", async () => {
	const early = await flow([object("a", "skipped", "same")], refused)
	expect(early.result).toBe(refused)
	const late = await flow([object("a", "working"), object("a", "failed")], refused)
	expect(late.result).toMatchObject({
		exit: 4,
		tryMessage: expect.stringContaining("goes on where it stopped"),
	})
	expect(late.last).toMatchObject({type: "summary", result: "stopped", exitCode: 4, counts: {failed: 1}})
})

test("a refusal keeps its code, and a bug stays a bug", async () => {
	const declined = await flow([], new AbortError("Declined", "no", {exit: 3}))
	expect(declined.last).toMatchObject({result: "refused", exitCode: 3, message: "no"})
	const bug = await flow([object("a", "working")], new TypeError("x is undefined"))
	expect(bug.result).toBeInstanceOf(TypeError)
	expect(bug.last).toMatchObject({result: "failed", exitCode: 1})
})
