import {afterAll, beforeAll, beforeEach, inject} from "vitest"
import {missingForNode} from "../../installer/sandbox/index.ts"
import type {Addition} from "../../installer/sandbox/node/addition.ts"
import {readState} from "../../installer/sandbox/state.ts"
import {installCrds} from "../kit/apply.ts"
import {openWorld, type World} from "../kit/open-world.ts"
import "./provided.ts"

/** On an empty cache Kubernetes, Istio, containerd and CoreDNS are compiled first. */
const coldBuildMs = 60 * 60_000

/** Why no node can run here, for `skip`; undefined when one can. */
export async function whyNot(): Promise<string | undefined> {
	if (process.env.HEDDLE_TEST_NODE === "skip") return "HEDDLE_TEST_NODE=skip"
	const missing = await missingForNode()
	return missing.length === 0 ? undefined : `a real node needs ${missing.map(({what}) => what).join("; ")}`
}

/** For the top of a test file: `const world = useNode()`. Where no node can run, every test is skipped, and says why. */
export function useNode(): () => World {
	let world: World | undefined
	let reason: string | undefined
	beforeAll(async () => {
		reason = await whyNot()
		if (reason !== undefined) return
		world = await openWorld({name: inject("node"), size: "node"})
		await installCrds(world)
	}, coldBuildMs)
	beforeEach(({skip}) => {
		if (reason !== undefined) skip(reason)
	})
	afterAll(() => world?.http.close())
	return () => {
		if (!world) throw new Error("the world is there from beforeAll on")
		return world
	}
}

/** For the top of a file whose cases need more than every node has: skipped, and says why, where the node lacks it. */
export function useAddition(world: () => World, {name, title, missing}: Addition): void {
	beforeEach(async ({skip}) => {
		if ((await whyNot()) !== undefined) return
		const {sandbox} = world()
		if (readState(sandbox.folder)?.additions?.includes(name)) return
		skip((await missing(process.env)) ?? `the sandbox ${sandbox.name} was made without ${title}`)
	})
}
