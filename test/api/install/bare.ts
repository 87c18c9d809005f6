import {afterAll, beforeAll} from "vitest"
import {identityOf} from "../../../installer/infra/manifest.ts"
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
export function useBareWorld(isNeeded = true): () => World {
	let world: World | undefined
	const name = () => `${sandboxName()}-bare`
	beforeAll(async () => {
		if (isNeeded) world = await openWorld({name: name(), mesh: "none"})
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

/** Every object of the cluster, of every kind that it serves, by its identity. */
export async function everyObject({http}: World): Promise<[string, KubeObject][]> {
	const {groups} = (await http.request(get("/apis"))) as {groups: readonly Group[]}
	const versions = ["v1", ...groups.flatMap(({versions}) => versions[0]?.groupVersion ?? [])]
	const found: [string, KubeObject][] = []
	for (const apiVersion of versions) {
		const path = apiVersion === "v1" ? "/api/v1" : `/apis/${apiVersion}`
		const {resources} = (await http.request(get(path))) as {resources: readonly Resource[]}
		const listable = resources.filter(
			({name, verbs, kind}) => !name.includes("/") && verbs.includes("list") && !restless.has(kind),
		)
		for (const {name, kind} of listable) {
			const {items} = (await http.request(get(`${path}/${name}`))) as {items: readonly KubeObject[]}
			for (const item of items) {
				const object = {...item, apiVersion, kind}
				found.push([identityOf(object), object])
			}
		}
	}
	return found
}

/**
 * Every object of the cluster with what the API server noted of the installer's last write to it; controllers write to
 * the same objects whenever they like.
 */
export async function inventory(world: World): Promise<Map<string, string>> {
	const own = ({metadata}: KubeObject) =>
		metadata.managedFields?.filter(({manager}) => manager === fieldManagers.installer) ?? []
	const objects = await everyObject(world)
	return new Map(objects.map(([id, object]) => [id, JSON.stringify(own(object))]))
}
