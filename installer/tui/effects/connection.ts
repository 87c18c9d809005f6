import {homedir} from "node:os"
import {MeshBinding, MeshProfile} from "../../../operator/api/kinds.ts"
import {Cache} from "../../../operator/kube/cache.ts"
import {clientOf} from "../../../operator/kube/client.ts"
import {loadConfig} from "../../../operator/kube/config.ts"
import {type Http, openHttp} from "../../../operator/kube/http.ts"
import type {Client} from "../../../operator/kube/types.ts"
import {kindsRead} from "../../../operator/plan/reads.ts"
import {dataplanes} from "../../../profiles/registry.ts"
import {checkedBeyond} from "../../checks/extra.ts"
import type {Event} from "../model/event.ts"
import type {Cluster} from "../model/state.ts"
import {definitionsOf} from "./definitions.ts"
import {lookAround} from "./discovery.ts"
import {Planner} from "./planner.ts"
import {pulse} from "./pulse.ts"
import {watchBindings} from "./watch-bindings.ts"

export type Connection = {
	readonly cluster: Cluster
	readonly client: Client
	readonly http: Http
	readonly planner: Planner
	close(): Promise<void>
}

export type Where = {
	readonly kubeconfig?: string | undefined
	readonly context?: string | undefined
	/** The context was chosen, so commands have to name it. */
	readonly named: boolean
}

const userAgent = "heddle-tui"

/** Opens a cluster and keeps telling what is there, whatever happens to the connection, until it is closed. */
export async function connect(where: Where, dispatch: (event: Event) => void): Promise<Connection> {
	const config = await loadConfig({kubeconfig: where.kubeconfig, context: where.context})
	const {context} = config
	const http = openHttp({config, attempts: 2, userAgent})
	// A pulse that waited for long would tell of a lost cluster when it is back.
	const shortly = openHttp({config, attempts: 1, userAgent, timeoutsMs: {single: 4_000, list: 4_000}})
	const stop = new AbortController()
	const tell = (event: Event) => {
		if (!stop.signal.aborted) dispatch(event)
	}
	const client = clientOf(http)
	const cluster: Cluster = {
		context,
		named: where.named,
		...(where.kubeconfig === undefined ? {} : {kubeconfig: atHome(where.kubeconfig)}),
	}
	tell({type: "cluster", cluster})
	const {planner, bindings} = follow({http, client, tell, stop})
	void pulse({client: clientOf(shortly), cluster, tell, signal: stop.signal})
	return {
		cluster,
		client,
		http,
		planner,
		async close() {
			stop.abort()
			bindings.stop()
			await Promise.all([http.close(), shortly.close()])
		},
	}
}

/** As a person would type it. */
const atHome = (path: string) =>
	path.startsWith(`${homedir()}/`) ? `~${path.slice(homedir().length)}` : path

type Following = {
	readonly http: Http
	readonly client: Client
	readonly tell: (event: Event) => void
	readonly stop: AbortController
}

/** Watches every kind that a plan reads; rows, checks and the board follow from that. */
function follow({http, client, tell, stop}: Following) {
	const failures = new Map<string, unknown>()
	const beyond = checkedBeyond()
	const cache: Cache = new Cache({
		http,
		client,
		kinds: [...kindsRead(dataplanes), MeshProfile, MeshBinding, ...beyond.kinds],
		onChange: (change) => {
			planner.touch(change)
			bindings.touch(change)
		},
		onState: (kind) => failures.delete(kind.id),
		onFailure: (kind, error) => failures.set(kind.id, error),
	})
	const definitions = definitionsOf(client, beyond.definitions)
	const snapshot = definitions.over(cache.snapshot)
	const planner = new Planner({snapshot, dispatch: tell, signal: stop.signal})
	const bindings = watchBindings({snapshot: cache.snapshot, tell})
	void cache.run(stop.signal)
	const looking = {cache, snapshot, definitions, client, failures, tell, signal: stop.signal}
	void lookAround(looking).then(() => planner.run())
	return {planner, bindings}
}
