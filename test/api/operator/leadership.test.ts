import {setTimeout as pause} from "node:timers/promises"
import {describe, test} from "vitest"
import {MeshBinding} from "../../../operator/api/kinds.ts"
import {type Kind, Namespace, namespaced} from "../../../profiles/snapshot/kinds.ts"
import type {KubeObject} from "../../../profiles/snapshot/object.ts"
import type {RunningOperator} from "../../kit/operator-process.ts"
import {waitFor} from "../../kit/wait.ts"
import {deployment, quick, sidecar, slow} from "./manifests.ts"
import {isInjected, type Place} from "./place.ts"
import {home, useStage} from "./stage.ts"

const stage = useStage({operator: false})
type LeaseObject = KubeObject & {readonly spec?: {readonly holderIdentity?: string}}
const Lease = namespaced<LeaseObject>("coordination.k8s.io", "v1", "Lease", "leases")
const Deployment: Kind = namespaced("apps", "v1", "Deployment", "deployments")

const leads = async ({metrics}: RunningOperator): Promise<boolean> =>
	/^leader_election_master_status\{[^}]*\} 1$/m.test(await (await fetch(metrics)).text())

const untilLeads = (operator: RunningOperator, timeoutMs: number) =>
	waitFor("the operator to lead", () => leads(operator), Boolean, {timeoutMs, everyMs: 50})

/** The versions of everything that an operator could have written. */
async function versions(place: Place): Promise<Record<string, string | undefined>> {
	const {client} = stage().world
	const {items: namespaces} = await client.list(Namespace)
	const all = [
		...namespaces.filter(({metadata}) => metadata.name === place.name),
		...(await place.list(MeshBinding)),
		...(await place.list(Deployment)),
		...(await place.list(namespaced("apps", "v1", "ControllerRevision", "controllerrevisions"))),
		await place.profileNow(),
	]
	return Object.fromEntries(
		all.flatMap((one) =>
			one
				? [[`${one.kind}/${one.metadata.namespace}/${one.metadata.name}`, one.metadata.resourceVersion]]
				: [],
		),
	)
}

async function underWay(): Promise<Place> {
	const place = await stage().place()
	const {name: namespace} = place
	await place.apply(deployment("a", {namespace, annotations: slow(2)}))
	await place.ready("a", 2)
	await place.profile({dataplane: sidecar, migration: quick})
	await waitFor(
		"a to roll",
		() => place.pods("a"),
		(pods) => pods.some(isInjected),
	)
	return place
}

const holder = async () =>
	(await stage().world.client.get(Lease, "heddle-operator", home))?.spec?.holderIdentity ?? ""

/** `/metrics` names what stock dashboards of controllers know, and what is Heddle's own. */
const wantedMetrics = [
	"workqueue_depth",
	"controller_runtime_reconcile_total",
	"rest_client_requests_total",
	"heddle_cache_objects",
	"heddle_migrations_total",
]

describe("of several operators one leads", () => {
	test("told to end it hands over within three seconds; the next has nothing to do and does nothing; stopped and woken it writes nothing", async ({
		expect,
	}) => {
		const [first, second] = [await stage().spawn(), await stage().spawn()]
		await Promise.all([first.ready(), second.ready()])
		const [leader, other] = await waitFor(
			"one of the two to lead",
			async () => ((await leads(first)) ? [first, second] : (await leads(second)) ? [second, first] : []),
			(found) => found.length === 2,
			{timeoutMs: 30_000},
		)
		if (leader === undefined || other === undefined) throw new Error("nobody leads")
		expect(await leads(other)).toBe(false)
		const place = await underWay()
		const began = performance.now()
		const ended = leader.stop()
		await untilLeads(other, 10_000)
		expect(performance.now() - began).toBeLessThan(3_000)
		expect(await ended).toBe(0)
		await place.on("istio-sidecar", {timeoutMs: 30_000})

		await pause(1_500) // the sum in the profile's status is told once a second
		const settled = await versions(place)
		const [heir] = await Promise.all([stage().spawn(), pause(10_000)])
		expect(await versions(place)).toEqual(settled)
		for (const path of ["/healthz", "/readyz"])
			expect((await fetch(`${other.health}${path}`)).status).toBe(200)
		const metrics = await (await fetch(other.metrics)).text()
		for (const name of wantedMetrics) expect(metrics).toMatch(new RegExp(`^${name}(\\{|_)`, "m"))

		// Stopped amid its work, as a machine that sleeps: it does not know that time has gone by.
		await heir.ready()
		const later = await underWay()
		process.kill(other.pid, "SIGSTOP")
		const before = await holder()
		await untilLeads(heir, 30_000)
		expect(await holder()).not.toBe(before)
		await later.on("istio-sidecar", {timeoutMs: 30_000})
		await pause(1_500)
		const both = {...(await versions(later)), ...(await versions(place))}
		const said = other.log().length
		process.kill(other.pid, "SIGCONT")
		await waitFor(
			"the one that slept to end",
			() => other.log().slice(said),
			(log) => log.includes('"ending":"lost"'),
			{timeoutMs: 10_000},
		)
		expect(await other.stop()).toBe(1)
		expect({...(await versions(later)), ...(await versions(place))}).toEqual(both)
		expect(other.log().slice(said)).not.toContain('"msg":"write"')
		// Whoever leads next looks at everything anew, and finds nothing to write.
		expect(await versions(place)).toEqual(settled)
		expect(await leads(heir)).toBe(true)
	}, 120_000)
})
