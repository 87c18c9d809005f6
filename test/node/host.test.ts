import {existsSync} from "node:fs"
import {afterAll, beforeAll, beforeEach, describe, test} from "vitest"
import {down, type Sandbox, status, up} from "../../installer/sandbox/index.ts"
import {obtainTool, systemTools} from "../../installer/sandbox/node/system-tools.ts"
import {end, marked} from "../../installer/sandbox/proc/end.ts"
import {readState, type State} from "../../installer/sandbox/state.ts"
import {waitFor} from "../kit/wait.ts"
import {type Host, hostNow} from "./host.ts"
import {whyNot} from "./node.ts"

/* A node of its own, without a mesh: it comes and goes, and the host is compared with what it was before. */
const name = `test-host-${process.pid}`
const coldBuildMs = 60 * 60_000
let reason: string | undefined
let before: Host
let save: string | undefined

beforeAll(async () => {
	reason = await whyNot()
	if (reason !== undefined) return
	const iptables = systemTools.find((tool) => tool.name === "iptables")
	const found = iptables && (await obtainTool(iptables))
	save = found?.root === undefined ? found?.commands["iptables-save"] : undefined
	before = hostNow(save)
}, coldBuildMs)
beforeEach(({skip}) => {
	if (reason !== undefined) skip(reason)
})
afterAll(async () => {
	if (reason === undefined) await down(name)
})

const start = (): Promise<Sandbox> => up({name, size: "node", mesh: "none"})

function stateOf(sandbox: Sandbox): State {
	const state = readState(sandbox.folder)
	if (!state) throw new Error("a sandbox that is up has a state")
	return state
}

describe("the host", () => {
	test("is but for the node's cgroup as it was while a node runs, and is as it was when it is down", {
		timeout: coldBuildMs,
	}, async ({expect}) => {
		const sandbox = await start()
		const {cgroups, ...rest} = hostNow(save)
		const {cgroups: _, ...old} = before
		expect(rest).toEqual(old)
		expect(cgroups.length).toBeGreaterThan(0)
		const {mark} = stateOf(sandbox)
		expect(await down(name)).toBe(true)
		expect(hostNow(save)).toEqual(before)
		expect(marked(mark)).toEqual([])
		expect(existsSync(sandbox.folder)).toBe(false)
	})

	test("is as it was after the node was killed, without a warning, and then taken down", {
		timeout: coldBuildMs,
	}, async ({expect}) => {
		const sandbox = await start()
		const {mark} = stateOf(sandbox)
		await end(marked(mark), 0)
		await waitFor(
			"everything to have ended",
			() => status(name).state,
			(state) => state === "stopped",
		)
		expect({...hostNow(save), cgroups: []}).toEqual({...before, cgroups: []})
		await down(name)
		expect(hostNow(save)).toEqual(before)
	})

	test("brings a node that was killed up again, over the data that it had", {timeout: coldBuildMs}, async ({
		expect,
	}) => {
		const sandbox = await start()
		const node = stateOf(sandbox).processes.node
		process.kill(node?.pid ?? 0, "SIGKILL")
		await waitFor(
			"the node to be known as damaged",
			() => status(name).state,
			(state) => state === "degraded",
		)
		const again = await start()
		expect(again.pids.kubelet).not.toBe(sandbox.pids.kubelet)
		expect(status(name).state).toBe("running")
		await down(name)
		expect(hostNow(save)).toEqual(before)
	})
})
