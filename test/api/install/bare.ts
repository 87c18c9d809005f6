import {afterAll, beforeAll} from "vitest"
import {down} from "../../../installer/sandbox/index.ts"
import {fieldManagers} from "../../../operator/api/names.ts"
import type {KubeObject} from "../../../profiles/snapshot/object.ts"
import {heddle, type Run} from "../../kit/cli.ts"
import {get, openWorld, type World} from "../../kit/open-world.ts"
import {coldBuildMs, sandboxName} from "../../kit/sandbox.ts"

/** A command may have to fetch or build Helm first. */
const commandMs = 15 * 60_000

/**
 * A real API server without any mesh, for tests that install one. Simulated kubelets run the pods, so a control plane
 * that gets ready here proves that its objects are accepted and rolled out, and nothing about what it does.
 */
export function useBareWorld(): () => World {
	let world: World | undefined
	const name = () => `${sandboxName()}-bare`
	beforeAll(async () => {
		world = await openWorld({name: name(), mesh: "none"})
	}, coldBuildMs)
	afterAll(async () => {
		await world?.http.close()
		if (!process.env.HEDDLE_TEST_SANDBOX) await down(name())
	})
	return () => {
		if (!world) throw new Error("the world is there from beforeAll on")
		return world
	}
}

export function heddleOn(world: World, ...args: readonly string[]): Promise<Run> {
	return heddle([...args, "--kubeconfig", world.sandbox.kubeconfig], {timeoutMs: commandMs})
}

type Group = {readonly versions: readonly {readonly groupVersion: string}[]; readonly name: string}
type Resource = {readonly name: string; readonly kind: string; readonly verbs: readonly string[]}

/** What comes and goes by itself: heartbeats, news, and the controllers' own notes. */
const restless = new Set([
	"Event",
	"Lease",
	"EndpointSlice",
	"Endpoints",
	"IPAddress",
	"ComponentStatus",
	"PodMetrics",
	"Pod",
	"ReplicaSet",
	"ControllerRevision",
])

/**
 * Every object of the cluster, of every kind that it serves, with what the API server noted of the installer's last
 * write to it; controllers write to the same objects whenever they like.
 */
export async function inventory({http}: World): Promise<Map<string, string>> {
	const found = new Map<string, string>()
	const {groups} = (await http.request(get("/apis"))) as {groups: readonly Group[]}
	const versions = ["api/v1", ...groups.map(({versions}) => `apis/${versions[0]?.groupVersion}`)]
	for (const version of versions) {
		const {resources} = (await http.request(get(`/${version}`))) as {resources: readonly Resource[]}
		const listable = resources.filter(
			({name, verbs, kind}) => !name.includes("/") && verbs.includes("list") && !restless.has(kind),
		)
		for (const {name, kind} of listable) {
			const {items} = (await http.request(get(`/${version}/${name}`))) as {items: readonly KubeObject[]}
			for (const {metadata} of items) {
				const own = metadata.managedFields?.filter(({manager}) => manager === fieldManagers.installer)
				found.set(`${kind} ${metadata.namespace ?? ""}/${metadata.name}`, JSON.stringify(own ?? []))
			}
		}
	}
	return found
}
