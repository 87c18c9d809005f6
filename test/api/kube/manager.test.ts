import {expect, onTestFinished, test} from "vitest"
import {fieldManagers} from "../../../operator/api/names.ts"
import {Lease} from "../../../operator/kube/lease.ts"
import {systemClock} from "../../../operator/runtime/clock.ts"
import {createLog} from "../../../operator/runtime/log.ts"
import {Manager} from "../../../operator/runtime/manager.ts"
import {Metrics} from "../../../operator/runtime/metrics.ts"
import type {Controller} from "../../../operator/runtime/types.ts"
import {ConfigMap, namespaced} from "../../../profiles/snapshot/kinds.ts"
import type {Custom} from "../../../profiles/snapshot/shapes.ts"
import {freshNamespace, useWorld} from "../../kit/sandbox.ts"
import {waitFor} from "../../kit/wait.ts"

const world = useWorld()
const Leases = namespaced<Custom>("coordination.k8s.io", "v1", "Lease", "leases")

/** A controller that stamps every ConfigMap labelled for it with who saw it. */
function stamper(who: string, namespace: string, seen: string[]): Controller {
	const mine = (name: string) => name.startsWith("loom")
	return {
		name: who,
		watches: [
			{
				kind: ConfigMap,
				keys: (change) => (change.namespace === namespace && mine(change.name) ? [change.name] : []),
			},
		],
		keys: (snapshot) =>
			snapshot
				.list(ConfigMap, namespace)
				.map(({metadata}) => metadata.name)
				.filter(mine),
		async reconcile(name, {client, snapshot}) {
			seen.push(name)
			if (snapshot.get(ConfigMap, name, namespace)?.metadata.annotations?.seenBy === who) return undefined
			await client.apply(
				{apiVersion: "v1", kind: "ConfigMap", metadata: {name, namespace, annotations: {seenBy: who}}},
				{manager: fieldManagers.enrolment, force: true},
			)
			return undefined
		},
	}
}

function start(who: string, namespace: string) {
	const {http, client} = world()
	const seen: string[] = []
	const lease = new Lease({
		http,
		namespace,
		name: "loom",
		identity: who,
		durationMs: 3_000,
		renewDeadlineMs: 2_000,
		retryMs: 200,
	})
	const manager = new Manager({
		controllers: [stamper(who, namespace, seen)],
		cache: {http, kinds: [], scopes: {[ConfigMap.id]: {namespace}}},
		client,
		lease: {lease, name: "loom"},
		identity: who,
		clock: systemClock,
		log: createLog({level: "silent"}),
		metrics: new Metrics({processMetrics: false}),
	})
	const stop = new AbortController()
	const ending = manager.run(stop.signal)
	onTestFinished(async () => {
		stop.abort()
		await ending
	})
	return {manager, seen, stop, ending}
}

async function loom(namespace: string, name: string) {
	await world().client.apply(
		{apiVersion: "v1", kind: "ConfigMap", metadata: {name, namespace}},
		{manager: fieldManagers.binding},
	)
}
const seenBy = async (namespace: string, name: string) =>
	(await world().client.get(ConfigMap, name, namespace))?.metadata.annotations?.seenBy

test("the leader reconciles what was there and what comes; at its end the next one takes over at once", async () => {
	const shop = await freshNamespace(world())
	await loom(shop, "loom-1")
	const first = start("first", shop)
	await waitFor(
		"the one that was there",
		() => seenBy(shop, "loom-1"),
		(who) => who === "first",
	)
	await loom(shop, "loom-2")
	await waitFor(
		"the one that came",
		() => seenBy(shop, "loom-2"),
		(who) => who === "first",
	)
	const second = start("second", shop)
	await waitFor(
		"the caches of the second",
		() => second.manager.waitingFor(),
		(what) => what === undefined,
	)
	expect(second.seen).toEqual([])
	first.stop.abort()
	expect(await first.ending).toBe("ended")
	await waitFor(
		"the second to lead",
		() => seenBy(shop, "loom-1"),
		(who) => who === "second",
		{timeoutMs: 2_500},
	)
})

test("a leader whose lease someone else took stops, and says so", async () => {
	const shop = await freshNamespace(world())
	await loom(shop, "loom-1")
	const {manager, ending} = start("first", shop)
	await waitFor("it to lead", () => manager.leading, Boolean)
	const thief = {
		apiVersion: "coordination.k8s.io/v1",
		kind: "Lease",
		metadata: {name: "loom", namespace: shop},
		spec: {holderIdentity: "thief", leaseDurationSeconds: 60},
	}
	await world().client.apply(thief, {manager: fieldManagers.binding, force: true})
	expect(await ending).toBe("lost")
	expect(manager.leading).toBe(false)
	expect((await world().client.get(Leases, "loom", shop))?.spec?.holderIdentity).toBe("thief")
})
