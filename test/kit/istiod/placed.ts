import {KubeError} from "../../../operator/kube/errors.ts"
import {pods, services} from "../../../profiles/policy/testing/requests.ts"
import {Namespace} from "../../../profiles/snapshot/kinds.ts"
import type {KubeObject} from "../../../profiles/snapshot/object.ts"
import type {Service} from "../../../profiles/snapshot/shapes.ts"
import {apply} from "../apply.ts"
import {get, type World} from "../open-world.ts"
import {newNamespace} from "../sandbox.ts"
import {waitFor} from "../wait.ts"
import {connectProxy, type ProxyNode} from "./ads.ts"
import {type Listener, listenersOf, policiesSeen, portsOf} from "./debug.ts"

/** Policies in a namespace of their own, with the pods that they select among, run by a simulated kubelet. */
export type Placed = {
	readonly namespace: string
	/** As the API server stored them. */
	readonly policies: readonly KubeObject[]
	/** Addresses of the pods, by what they are called. */
	readonly ips: ReadonlyMap<string, string>
}

type Listed = {items: {metadata: {name: string}; status?: {podIP?: string}}[]}

/** Brings policies of the namespace `shop` and of the mesh into one namespace, with its Services and pods. */
export async function place(
	world: World,
	policies: readonly KubeObject[],
	labels: Readonly<Record<string, string>> = {},
): Promise<Placed> {
	const namespace = await newNamespace(world, labels)
	const here = (object: KubeObject): KubeObject => ({...object, metadata: {...object.metadata, namespace}})
	for (const one of services) await apply(world, here(serviceOf(one)))
	for (const one of pods) await apply(world, here(podOf(one.labels)))
	const stored: KubeObject[] = []
	for (const one of policies) stored.push(...(await taken(world, here(one))))
	const {items} = await waitFor(
		`the pods of ${namespace} to run`,
		() => world.http.request(get(`/api/v1/namespaces/${namespace}/pods`)) as Promise<Listed>,
		(seen) => seen.items.length === pods.length && seen.items.every(({status}) => status?.podIP),
		{timeoutMs: 120_000},
	)
	const ips = new Map(items.map(({metadata, status}) => [metadata.name, status?.podIP ?? ""]))
	return {namespace, policies: stored, ips}
}

/** As stored, or nothing where the API server or Istio's webhook refuses it, such as a DENY without rules. */
async function taken(world: World, policy: KubeObject): Promise<readonly KubeObject[]> {
	try {
		return [await apply(world, policy)]
	} catch (error) {
		if (error instanceof KubeError && error.code >= 400 && error.code < 500) return []
		throw error
	}
}

/** Deletes what was placed. */
export const remove = ({client}: World, placed: readonly Placed[]) =>
	Promise.all(placed.map(({namespace}) => client.delete(Namespace, namespace)))

/**
 * With an address of the API server's, and with names of ports that say nothing of their protocol: proxies find out
 * themselves, and one port takes HTTP and other connections.
 */
const serviceOf = ({apiVersion, kind, metadata: {name}, spec}: Service): KubeObject => ({
	apiVersion,
	kind,
	metadata: {name},
	...{
		spec: {selector: {app: name}, ports: spec?.ports?.map((port) => ({...port, name: `any-${port.port}`}))},
	},
})

const podOf = (labels: {readonly app: string}): KubeObject => ({
	apiVersion: "v1",
	kind: "Pod",
	metadata: {name: labels.app, labels: {...labels}},
	...{
		spec: {
			nodeName: "node-1",
			containers: [
				{
					name: "app",
					image: "registry.example/app:1",
					ports: [{name: "http", containerPort: 8080}],
				},
			],
		},
	},
})

/** Until istiod hands these policies to proxies. */
export const untilSeen = (world: World, all: readonly Placed[]) => {
	const names = all.flatMap(({policies}) =>
		policies
			.filter(({kind}) => kind === "AuthorizationPolicy")
			.map(({metadata}) => `${metadata.namespace}/${metadata.name}`),
	)
	return waitFor(
		"istiod to have seen every policy",
		() => policiesSeen(world),
		(seen) => names.every((name) => seen.has(name)),
	)
}

/** The listener of the pod's sidecar for what comes in. */
export async function inboundOf(world: World, {namespace, ips}: Placed, app: string): Promise<Listener> {
	const labels = pods.find((one) => one.labels.app === app)?.labels ?? {}
	return listenerOf(world, "virtualInbound", {
		type: "sidecar",
		ip: ips.get(app) ?? "",
		name: app,
		namespace,
		labels,
	})
}

/** The labels of a namespace whose Services use its waypoint. */
export const usesWaypoint = {"istio.io/dataplane-mode": "ambient", "istio.io/use-waypoint": "waypoint"}

const gateway = (namespace: string): KubeObject => ({
	apiVersion: "gateway.networking.k8s.io/v1",
	kind: "Gateway",
	metadata: {name: "waypoint", namespace, labels: {"istio.io/waypoint-for": "service"}},
	...{
		spec: {
			gatewayClassName: "istio-waypoint",
			listeners: [{name: "mesh", port: 15008, protocol: "HBONE"}],
		},
	},
})

/** Makes the namespace a waypoint, as istiod deploys it; returns its listener for what comes to Services. */
export async function waypointOf(world: World, {namespace}: Placed): Promise<Listener> {
	await apply(world, gateway(namespace))
	const labels = {"gateway.networking.k8s.io/gateway-name": "waypoint"}
	const query = `labelSelector=${encodeURIComponent(`${Object.keys(labels)[0]}=waypoint`)}`
	const {items} = await waitFor(
		`the waypoint of ${namespace} to run`,
		() => world.http.request(get(`/api/v1/namespaces/${namespace}/pods?${query}`)) as Promise<Listed>,
		(seen) => seen.items.some(({status}) => status?.podIP),
		{timeoutMs: 120_000},
	)
	const [pod] = items
	return waitFor(
		`the waypoint of ${namespace} to serve its Services`,
		() =>
			listenerOf(world, "main_internal", {
				type: "waypoint",
				ip: pod?.status?.podIP ?? "",
				name: pod?.metadata.name ?? "",
				namespace,
				labels,
			}),
		({filterChains = []}) =>
			services.every(({metadata}) =>
				filterChains.some(({name = ""}) => name.endsWith(`|${metadata.name}.${namespace}.svc.cluster.local`)),
			),
		{timeoutMs: 60_000},
	)
}

async function listenerOf(world: World, wanted: string, proxy: ProxyNode): Promise<Listener> {
	const {id, close} = await connectProxy(portsOf(world).istiodGrpc, proxy)
	try {
		const found = (await listenersOf(world, id)).find(({name}) => name === wanted)
		if (found === undefined) throw new Error(`istiod generates no listener ${wanted} for ${id}`)
		return found
	} finally {
		close()
	}
}
