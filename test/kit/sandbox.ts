import {afterAll, beforeAll, inject, onTestFinished} from "vitest"
import {Namespace} from "../../profiles/snapshot/kinds.ts"
import {apply} from "./apply.ts"
import {get, openWorld, type World} from "./open-world.ts"
import {waitFor} from "./wait.ts"

/** The first test on an empty cache waits for Kubernetes and Istio to be compiled. */
export const coldBuildMs = 45 * 60_000

let serial = 0

/** The sandbox of this worker: profiles are cluster-scoped, so two files at once would meet in one. */
export const sandboxName = () => `${inject("sandbox")}-${process.env.VITEST_POOL_ID}`

/** For the top of a test file: `const world = useWorld()`, then `world().client` in its tests. */
export function useWorld(): () => World {
	let world: World | undefined
	beforeAll(async () => {
		world = await openWorld({name: sandboxName()})
	}, coldBuildMs)
	afterAll(() => world?.http.close())
	return () => {
		if (!world) throw new Error("the world is there from beforeAll on")
		return world
	}
}

/** A namespace that no other test has; it is gone when the test ends. Returns its name. */
export async function freshNamespace(world: World, labels: Record<string, string> = {}): Promise<string> {
	const name = await newNamespace(world, labels)
	onTestFinished(async () => {
		await world.client.delete(Namespace, name)
	})
	return name
}

/** A namespace that no other test has, which whoever asks for it deletes. Returns its name. */
export async function newNamespace(world: World, labels: Record<string, string> = {}): Promise<string> {
	const name = `t${process.pid}-${++serial}`
	await apply(world, {apiVersion: "v1", kind: "Namespace", metadata: {name, labels}})
	await waitFor(
		`the ServiceAccount of ${name}, without which it admits no pod`,
		() =>
			world.http.request(get(`/api/v1/namespaces/${name}/serviceaccounts`)) as Promise<{items: unknown[]}>,
		({items}) => items.length > 0,
		{timeoutMs: 60_000},
	)
	return name
}
