import {createAll, type KubeObject} from "../../installer/sandbox/index.ts"
import type {World} from "../kit/open-world.ts"
import {get} from "../kit/open-world.ts"

/** Enough variables to bring a stored pod, with what the API server adds, to the size of a usual one: 4.7 KB. */
const variables = Array.from({length: 18}, (_, index) => ({
	name: `SETTING_${index}`,
	value: `value-of-setting-${index}`,
}))

/** Pods that no scheduler and no kubelet takes on: this measures a cache, and not a cluster. */
function* idlePods(count: number, namespaces: number): Generator<KubeObject> {
	for (let index = 0; index < count; index++) {
		const app = `app-${Math.floor(index / 10) % 50}`
		yield {
			apiVersion: "v1",
			kind: "Pod",
			metadata: {
				name: `${app}-${index}`,
				namespace: `bench-${index % namespaces}`,
				labels: {app, "app.kubernetes.io/part-of": "shop", "pod-template-hash": "6d4cf56db6"},
				annotations: {"prometheus.io/scrape": "true", "prometheus.io/port": "9090"},
			},
			spec: {
				schedulerName: "nobody",
				containers: [
					{
						name: "app",
						image: "registry.example/shop/app:1.4.2",
						env: variables,
						ports: [{name: "http", containerPort: 8080}],
						resources: {requests: {cpu: "100m", memory: "128Mi"}, limits: {memory: "256Mi"}},
						readinessProbe: {httpGet: {path: "/ready", port: 8080}},
					},
				],
			},
		}
	}
}

/** Brings the number of pods to `count`; those of an earlier run are taken as they are. */
export async function ensurePods(world: World, count: number): Promise<{readonly bytes: number}> {
	const namespaces = 50
	const there = await podsThere(world)
	if (there < count) {
		const places = Array.from({length: namespaces}, (_, index) => ({
			apiVersion: "v1",
			kind: "Namespace",
			metadata: {name: `bench-${index}`},
		}))
		await createAll(world.sandbox.name, places)
		await createAll(world.sandbox.name, accounts(namespaces))
		await createAll(world.sandbox.name, idlePods(count, namespaces))
	}
	const page = (await world.http.request(get("/api/v1/pods?limit=50"))) as {items: object[]}
	return {bytes: Math.round(JSON.stringify(page.items).length / page.items.length)}
}

/** A namespace admits pods once it has its ServiceAccount; its controller would take its time over fifty. */
function* accounts(namespaces: number): Generator<KubeObject> {
	for (let index = 0; index < namespaces; index++) {
		yield {apiVersion: "v1", kind: "ServiceAccount", metadata: {name: "default", namespace: `bench-${index}`}}
	}
}

async function podsThere(world: World): Promise<number> {
	type Page = {items: unknown[]; metadata: {remainingItemCount?: number}}
	const {items, metadata} = (await world.http.request(get("/api/v1/pods?limit=1"))) as Page
	return items.length + (metadata.remainingItemCount ?? 0)
}
