import {expect, test} from "vitest"
import {EventRecorder} from "../../../operator/kube/events.ts"
import {Namespace, namespaced} from "../../../profiles/snapshot/kinds.ts"
import type {KubeObject} from "../../../profiles/snapshot/object.ts"
import {freshNamespace, useWorld} from "../../kit/sandbox.ts"

const world = useWorld()
type Event = KubeObject & {
	readonly reason: string
	readonly note: string
	readonly type: string
	readonly reportingController: string
}
const Events = namespaced<Event>("events.k8s.io", "v1", "Event", "events")

test("tells of a transition once, however often it is recorded", async () => {
	const {client} = world()
	const shop = await freshNamespace(world())
	const failures: unknown[] = []
	const recorder = new EventRecorder({client, instance: "test", onFailure: (error) => failures.push(error)})
	const regarding = {
		apiVersion: "heddle.dev/v1alpha1",
		kind: "MeshBinding",
		metadata: {name: "mesh", namespace: shop, uid: "u"},
	}
	const event = {
		regarding,
		type: "Normal",
		reason: "Migrating",
		action: "Roll",
		message: `rolled cart ${"ü".repeat(2_000)}`,
	} as const
	recorder.record(event)
	recorder.record(event)
	recorder.record({...event, reason: "UpToDate", message: "all there"})
	await recorder.flush()
	expect(failures).toEqual([])
	const {items} = await client.list(Events, {namespace: shop})
	const own = items.filter(({reportingController}) => reportingController === "heddle.dev/operator")
	expect(own.map(({reason, type}) => `${type} ${reason}`).sort()).toEqual([
		"Normal Migrating",
		"Normal UpToDate",
	])
	expect(own.every(({note}) => Buffer.byteLength(note) <= 1_024 && !note.includes("\uFFFD"))).toBe(true)
})

test("of a cluster-scoped object it is found in the namespace default", async () => {
	const {client} = world()
	const name = await freshNamespace(world())
	const uid = (await client.get(Namespace, name))?.metadata.uid ?? ""
	const recorder = new EventRecorder({client, instance: "test"})
	recorder.record({
		regarding: {apiVersion: "v1", kind: "Namespace", metadata: {name, uid}},
		type: "Warning",
		reason: "Blocked",
		action: "Plan",
		message: "x",
	})
	await recorder.flush()
	const {items} = await client.list(Events, {namespace: "default"})
	expect(items.filter(({metadata}) => metadata.name.startsWith(`${name}.`))).toHaveLength(1)
})
