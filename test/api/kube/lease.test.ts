import {expect, onTestFinished, test} from "vitest"
import {fieldManagers} from "../../../operator/api/names.ts"
import {clientOf} from "../../../operator/kube/client.ts"
import {loadConfig} from "../../../operator/kube/config.ts"
import {openHttp} from "../../../operator/kube/http.ts"
import {Lease, notLeader} from "../../../operator/kube/lease.ts"
import {namespaced} from "../../../profiles/snapshot/kinds.ts"
import type {Custom} from "../../../profiles/snapshot/shapes.ts"
import {freshNamespace, useWorld} from "../../kit/sandbox.ts"

const world = useWorld()
const Leases = namespaced<Custom>("coordination.k8s.io", "v1", "Lease", "leases")
const short = {durationMs: 2_000, renewDeadlineMs: 1_200, retryMs: 150}

function leaseOf(namespace: string, identity: string, times = short, wallClock = () => new Date()) {
	const failures: unknown[] = []
	const lease = new Lease({
		http: world().http,
		namespace,
		name: "loom",
		identity,
		onFailure: (error) => failures.push(error),
		wallClock,
		...times,
	})
	const stop = new AbortController()
	onTestFinished(() => stop.abort(new Error("the test ends")))
	return {lease, stop, failures}
}
const holder = async (namespace: string) => (await world().client.get(Leases, "loom", namespace))?.spec

test("the first takes it, with times that the API server accepts, and renews it", async () => {
	const shop = await freshNamespace(world())
	const {lease, stop, failures} = leaseOf(shop, "one")
	await lease.acquire(stop.signal)
	expect(lease.isHeld()).toBe(true)
	const before = await holder(shop)
	expect(before).toMatchObject({holderIdentity: "one", leaseDurationSeconds: 2, leaseTransitions: 0})
	expect(before?.renewTime).toMatch(/\.\d{6}Z$/)
	const kept = lease.keep(stop.signal)
	await expect.poll(async () => (await holder(shop))?.renewTime).not.toBe(before?.renewTime)
	stop.abort()
	expect(await kept).toBe("ended")
	expect(failures).toEqual([])
})

test("of two that come at once one holds it", async () => {
	const shop = await freshNamespace(world())
	const both = [leaseOf(shop, "one"), leaseOf(shop, "two")] as const
	await Promise.race(both.map(({lease, stop}) => lease.acquire(stop.signal)))
	expect(both.filter(({lease}) => lease.isHeld())).toHaveLength(1)
})

test("one that was released is taken over without waiting for it to run out", async () => {
	const shop = await freshNamespace(world())
	const [one, two] = [leaseOf(shop, "one", {...short, durationMs: 60_000}), leaseOf(shop, "two")]
	await one.lease.acquire(one.stop.signal)
	const taking = two.lease.acquire(two.stop.signal)
	await expect.poll(() => two.lease.holder).toBe("one")
	await one.lease.release()
	expect(one.lease.isHeld()).toBe(false)
	await taking
	expect(await holder(shop)).toMatchObject({holderIdentity: "two"})
})

test("one whose holder went silent is taken over once it has run out, and the old holder learns that it lost it", async () => {
	const shop = await freshNamespace(world())
	const [one, two] = [leaseOf(shop, "one"), leaseOf(shop, "two")]
	await one.lease.acquire(one.stop.signal)
	const started = performance.now()
	await two.lease.acquire(two.stop.signal)
	expect(performance.now() - started).toBeGreaterThan(1_500)
	expect(one.lease.isHeld()).toBe(false)
	expect(await one.lease.keep(one.stop.signal)).toBe("lost")
	expect(await holder(shop)).toMatchObject({holderIdentity: "two", leaseTransitions: 1})
})

test("a clock that is wrong by minutes neither takes a lease that is held, nor leaves one that ran out", async () => {
	const shop = await freshNamespace(world())
	const [one, two] = [leaseOf(shop, "one"), leaseOf(shop, "two", short, () => new Date(Date.now() + 300_000))]
	await one.lease.acquire(one.stop.signal)
	const kept = one.lease.keep(one.stop.signal)
	const taking = two.lease.acquire(two.stop.signal)
	await expect.poll(() => two.lease.holder).toBe("one")
	expect(two.lease.isHeld()).toBe(false)
	one.stop.abort(new Error("it went silent"))
	expect(await kept).toBe("ended")
	await taking
	expect(await holder(shop)).toMatchObject({holderIdentity: "two"})
})

test("a process that no longer holds it cannot write", async () => {
	const shop = await freshNamespace(world())
	const {lease} = leaseOf(shop, "one")
	const beforeWrite = () => {
		if (!lease.isHeld()) throw notLeader()
	}
	const http = openHttp({config: await loadConfig({kubeconfig: world().sandbox.kubeconfig}), beforeWrite})
	onTestFinished(() => http.close())
	const object = {apiVersion: "v1", kind: "ConfigMap", metadata: {name: "loom", namespace: shop}}
	const write = () => clientOf(http).apply(object, {manager: fieldManagers.binding})
	await expect(write()).rejects.toMatchObject({reason: "NotLeader"})
	await lease.acquire(AbortSignal.timeout(10_000))
	expect(await write()).toMatchObject(object)
})
