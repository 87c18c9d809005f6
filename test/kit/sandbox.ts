import {afterAll, beforeAll, inject, onTestFinished} from "vitest"
import {type Sandbox, up} from "../../installer/sandbox/index.ts"
import {clientOf} from "../../operator/kube/client.ts"
import {loadConfig} from "../../operator/kube/config.ts"
import {type Http, openHttp} from "../../operator/kube/http.ts"
import type {Client} from "../../operator/kube/types.ts"
import {Namespace} from "../../profiles/snapshot/kinds.ts"
import {apply} from "./apply.ts"
import {waitFor} from "./wait.ts"

/** The real API server, etcd, controllers and istiod that the tests share, as their administrator sees them. */
export type World = {readonly sandbox: Sandbox; readonly http: Http; readonly client: Client}

/** The first test on an empty cache waits for Kubernetes and Istio to be compiled. */
const coldBuildMs = 45 * 60_000

let serial = 0

/** For the top of a test file: `const world = useWorld()`, then `world().client` in its tests. */
export function useWorld(): () => World {
	let world: World | undefined
	beforeAll(async () => {
		world = await openWorld(inject("sandbox"))
	}, coldBuildMs)
	afterAll(() => world?.http.close())
	return () => {
		if (!world) throw new Error("the world is there from beforeAll on")
		return world
	}
}

async function openWorld(name: string): Promise<World> {
	const sandbox = await up({
		name,
		onEvent: ({state, title, note, elapsedMs = 0}) => {
			if (state === "started" && elapsedMs < 1) process.stderr.write(`sandbox: ${title}\n`)
			if (state === "failed") process.stderr.write(`sandbox: ${title}: ${note}\n`)
		},
	})
	const http = openHttp({config: await loadConfig({kubeconfig: sandbox.kubeconfig})})
	return {sandbox, http, client: clientOf(http)}
}

/** A namespace that no other test has; it is gone when the test ends. Returns its name. */
export async function freshNamespace(world: World, labels: Record<string, string> = {}): Promise<string> {
	const name = `t${process.pid}-${++serial}`
	await apply(world, {apiVersion: "v1", kind: "Namespace", metadata: {name, labels}})
	await waitFor(
		`the ServiceAccount of ${name}, without which it admits no pod`,
		() =>
			world.http.request(get(`/api/v1/namespaces/${name}/serviceaccounts`)) as Promise<{items: unknown[]}>,
		({items}) => items.length > 0,
	)
	onTestFinished(async () => {
		await world.client.delete(Namespace, name)
	})
	return name
}

/** A plain GET, for what no kind of the product stands for. */
export function get(path: string) {
	return {method: "GET", path, doing: {verb: "get", resource: path}} as const
}
