import {readFileSync} from "node:fs"
import {join} from "node:path"
import type {World} from "../open-world.ts"
import type {Authorization} from "./authorization.ts"

/* What istiod makes of the cluster's objects, as it tells on its own machine. */

type Ports = {readonly istiodHttp: number; readonly istiodGrpc: number}

/** Where the istiod of a sandbox listens. */
export const portsOf = ({sandbox}: World): Ports =>
	(JSON.parse(readFileSync(join(sandbox.folder, "state.json"), "utf8")) as {ports: Ports}).ports

async function told<T>(world: World, page: string): Promise<T> {
	const answer = await fetch(`http://127.0.0.1:${portsOf(world).istiodHttp}/debug/${page}`)
	const text = await answer.text()
	if (!answer.ok) throw new Error(`istiod answers ${answer.status} to /debug/${page}: ${text.slice(0, 200)}`)
	return JSON.parse(text) as T
}

type Policies = {
	authorization_policies: {namespace_to_policies: Readonly<Record<string, readonly {name: string}[] | null>>}
}

/** Names of the AuthorizationPolicies of a namespace that istiod hands to proxies. */
export async function policiesSeen(world: World): Promise<ReadonlySet<string>> {
	const {authorization_policies: seen} = await told<Policies>(world, "authorizationz")
	const all = Object.entries(seen.namespace_to_policies ?? {})
	return new Set(all.flatMap(([space, list]) => (list ?? []).map(({name}) => `${space}/${name}`)))
}

export type Filter = {readonly name: string; readonly typedConfig: {readonly [key: string]: unknown}}
export type Chain = {
	readonly name?: string
	readonly filterChainMatch?: {
		readonly destinationPort?: number
		readonly transportProtocol?: string
		readonly applicationProtocols?: readonly string[]
	}
	readonly filters?: readonly Filter[]
	readonly transportSocket?: object
}
export type Listener = {readonly name: string; readonly filterChains?: readonly Chain[]}
type Dump = {configs: readonly {dynamicListeners?: readonly {activeState: {listener: Listener}}[]}[]}

/** The listeners of a connected proxy. */
export async function listenersOf(world: World, proxy: string): Promise<readonly Listener[]> {
	const {configs} = await told<Dump>(world, `config_dump?proxyID=${proxy}`)
	return configs.flatMap(({dynamicListeners = []}) =>
		dynamicListeners.map(({activeState}) => activeState.listener),
	)
}

type Ambient = {
	readonly policies: readonly Authorization[] | null
	readonly workloads:
		| readonly {name: string; namespace: string; authorizationPolicies?: readonly string[]}[]
		| null
}

/** What ztunnels get for a pod: what holds for its namespace or for all, and what its workload names. */
export async function authorizations(
	world: World,
): Promise<(namespace: string, pod: string) => readonly Authorization[]> {
	const {policies, workloads} = await told<Ambient>(world, "ambientz")
	return (namespace, pod) => {
		const own = workloads?.find((one) => one.namespace === namespace && one.name === pod)
		if (own === undefined) throw new Error(`istiod tells ztunnels nothing of the pod ${namespace}/${pod}`)
		const named = new Set(own.authorizationPolicies)
		return (policies ?? []).filter(
			(one) =>
				one.scope === undefined ||
				(one.scope === "NAMESPACE" && one.namespace === namespace) ||
				named.has(`${one.namespace}/${one.name}`),
		)
	}
}
