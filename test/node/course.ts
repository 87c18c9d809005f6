import {onTestFinished} from "vitest"
import {Namespace, Pod} from "../../profiles/snapshot/kinds.ts"
import {isReady, Place} from "../api/operator/place.ts"
import {apply} from "../kit/apply.ts"
import {get, type World} from "../kit/open-world.ts"
import {waitFor} from "../kit/wait.ts"
import {type ClientMesh, type ClientOptions, client, programs} from "./manifests.ts"
import {type Second, type Tally, tallyOf, within} from "./tally.ts"

/** Requests per case. CI: enough for an upper bound of 0.03 % at 95 %; nightly 300,000: 0.001 %. */
export const wanted = Number(process.env.HEDDLE_NODE_REQUESTS ?? "10000")
const rate = Number(process.env.HEDDLE_NODE_RATE ?? "200")

export type Noted = {
	at: number
	kind: "websocket" | "http2" | "tcp"
	event: "open" | "cut" | "refused"
	why?: string
}

export type Measured = {
	load: Tally
	/** Before, during and after what was done, by the 99th percentile in milliseconds. */
	p99Ms: {before: number | undefined; during: number | undefined; after: number | undefined}
	/** Long connections that ended, or stalled for a second. */
	cut: number
	actSeconds: number
	/** What each prober was answered, from the first to the last second. */
	probes: Record<string, {seconds: readonly Second[]}>
	/** Requests per second, of both load clients together. */
	rate: number
	/** When what was done began and ended, in milliseconds since 1970. */
	span: {began: number; ended: number}
}

export type Prober = {name: string; path: string; mesh: ClientMesh}

export type CourseOptions = {
	place: Place
	/** Where the clients live: a namespace of their own. */
	clients: Place
	callers: ClientMesh
	probers?: readonly Prober[]
	/** What the traffic goes through. `more` waits until so many more requests were sent. */
	act(more: (requests: number) => Promise<unknown>): Promise<void>
}

let serial = 0

/** A namespace that goes when its test ends. */
export async function openPlace(world: World, labels: Record<string, string> = {}): Promise<Place> {
	const name = `traffic-${process.pid}-${++serial}`
	await apply(world, {apiVersion: "v1", kind: "Namespace", metadata: {name, labels}})
	await waitFor(
		`the ServiceAccount of ${name}`,
		() =>
			world.http.request(get(`/api/v1/namespaces/${name}/serviceaccounts`)) as Promise<{items: unknown[]}>,
		({items}) => items.length > 0,
	)
	onTestFinished(async () => {
		await world.client.delete(Namespace, name)
	})
	return new Place(world.client, name)
}

const ask = <T>(world: World, place: Place, pod: string, path: string): Promise<T> =>
	world.http.request(get(`/api/v1/namespaces/${place.name}/pods/${pod}:7000/proxy/${path}`)) as Promise<T>

/** Sends traffic before, while and after `act`, until as much was sent as is wanted, and counts all of it. */
export async function measure(world: World, options: CourseOptions): Promise<Measured> {
	const {place, clients, callers, probers = [], act} = options
	const target = `http://app.${place.name}:8080`
	const loads: ClientOptions[] = [
		{name: "steady", env: {TARGET: `${target}/`, RATE: String(rate * 0.6)}},
		{name: "fresh", env: {TARGET: `${target}/`, RATE: String(rate * 0.4), KEEP_ALIVE: "false"}},
	].map((one) => ({...one, namespace: clients.name, program: "load", mesh: callers}))
	const probes: ClientOptions[] = probers.map(({name, path, mesh}) => ({
		name,
		namespace: clients.name,
		program: "load",
		env: {TARGET: `${target}${path}`, RATE: "20", KEEP_ALIVE: "false"},
		mesh,
	}))
	const long: ClientOptions = {
		name: "long",
		namespace: clients.name,
		program: "long",
		env: {HOST: `app.${place.name}`},
		mesh: callers,
	}
	await start(world, clients, [...loads, ...probes, long])
	const sentSince = async (since: number) => {
		const told = await Promise.all(loads.map(({name}) => ask<Second[]>(world, clients, name, "seconds")))
		return tallyOf(within(told.flat(), since, Number.POSITIVE_INFINITY)).requests
	}
	const sent = (since: number, count: number) => {
		const patience = (count * 4_000) / rate + 60_000
		return waitFor(
			"the requests",
			() => sentSince(since),
			(seen) => seen >= count,
			{
				timeoutMs: patience,
				everyMs: 500,
			},
		)
	}
	const first = Date.now()
	await sent(first, wanted / 4)
	const began = Date.now()
	await act((requests) => sent(Date.now(), requests))
	const ended = Date.now()
	await sent(ended, wanted / 4)
	await sent(first, wanted)
	const noted = await ask<Noted[]>(world, clients, "long", "events")
	const seconds = (
		await Promise.all(loads.map(({name}) => ask<Second[]>(world, clients, name, "stop")))
	).flat()
	const probed = await Promise.all(
		probes.map(
			async ({name}) => [name, {seconds: await ask<Second[]>(world, clients, name, "stop")}] as const,
		),
	)
	const p99 = (from: number, to: number) => tallyOf(within(seconds, from, to)).p99Ms
	const counted = within(seconds, first, Number.POSITIVE_INFINITY)
	return {
		load: tallyOf(counted),
		p99Ms: {
			before: p99(first, began),
			during: p99(began, ended),
			after: p99(ended, Number.POSITIVE_INFINITY),
		},
		cut: noted.filter(({at, event}) => at >= first && event === "cut").length,
		actSeconds: Math.round((ended - began) / 1000),
		probes: Object.fromEntries(probed),
		rate,
		span: {began, ended},
	}
}

/** What was sent before counting began is left out, so every client is first seen to reach the application. */
async function start(world: World, place: Place, all: readonly ClientOptions[]): Promise<void> {
	await place.apply(programs(place.name))
	for (const object of all.flatMap(client)) await place.apply(object)
	await waitFor(
		`the clients in ${place.name}`,
		() => place.list(Pod),
		(pods) => pods.filter(isReady).length === all.length,
		{timeoutMs: 120_000},
	)
	await waitFor(
		"the first answers",
		() => ask<Second[]>(world, place, "steady", "seconds"),
		(seconds) => seconds.slice(-2).some(({ok}) => ok > 0),
		{timeoutMs: 30_000},
	)
}
